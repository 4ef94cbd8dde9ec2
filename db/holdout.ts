import { lengthMs } from '../domain/calendar/duration.ts';
import type { Campaign } from '../domain/campaign/document.ts';
import { parseWhere, passes } from '../domain/conditions/test.ts';
import type { Share } from '../domain/statistics.ts';
import type { Queryable } from './pool.ts';

const ofLead = 'join event x on x.lead_id = e.lead_id';
const ofAccount =
  'join lead l on l.id = e.lead_id join lead c on c.id = l.id or c.account_id = l.account_id join event x on x.lead_id = c.id';

interface GoalEvent {
  enrolmentId: string;
  holdout: boolean;
  entry: Record<string, unknown>;
  properties: Record<string, unknown>;
}

/**
 * How many entered and for how many the goal came true, treated and held out, of the versions that hold somebody out. It counts the goal's events
 * after entry (`within` as the goal says), whether the enrolment was still under way or not: so both groups are looked at for the same time. Test leads stay out.
 */
export async function goalShares(
  tx: Queryable,
  campaignId: string,
  { event, where, within, by }: NonNullable<Campaign['goal']>,
): Promise<{ treated: Share; heldOut: Share }> {
  const entered = `enrolment e join campaign_version v on v.id = e.version_id and v.body ? 'holdout'`;
  const { rows: groups } = await tx.query<{ holdout: boolean; n: number }>(
    `select e.holdout, count(*)::int as n from ${entered} where e.campaign_id = $1 and not e.test group by e.holdout`,
    [campaignId],
  );
  const { rows: events } = await tx.query<GoalEvent>(
    `select e.id as "enrolmentId", e.holdout, e.entry,
            (select coalesce(jsonb_object_agg(k, x.properties -> k), '{}') from unnest($3::text[]) k) as properties
       from ${entered} ${by === 'account' ? ofAccount : ofLead} and x.name = $2 and x.at >= e.entered_at
      where e.campaign_id = $1 and not e.test and x.id is distinct from e.entry_event_id
        and ($4::float8 is null or x.at <= e.entered_at + make_interval(secs => $4 / 1000))`,
    [campaignId, event, Object.keys(where), within === undefined ? null : lengthMs(within)],
  );
  const tests = Object.entries(parseWhere(where));
  const reached = new Map(
    events
      .filter(({ properties, entry }) => tests.every(([name, test]) => passes(properties[name], test, { entry })))
      .map(({ enrolmentId, holdout }) => [enrolmentId, holdout]),
  );
  const share = (held: boolean): Share => ({
    n: groups.find((group) => group.holdout === held)?.n ?? 0,
    successes: [...reached.values()].filter((one) => one === held).length,
  });
  return { treated: share(false), heldOut: share(true) };
}
