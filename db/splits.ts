import { lengthMs } from '../domain/calendar/duration.ts';
import { type ArmShare, experiment, type Experiment, experimentKey, judge, neededAt } from '../domain/campaign/split.ts';
import type { Queryable } from './pool.ts';

/** Somebody who has gone one of the ways of a split. */
export interface SplitMember {
  enrolmentId: string;
  stepId: string;
  arm: string;
  experiment: Experiment | null;
}

/** Notes who went which way, and begins the experiments that nobody came to before. */
export async function noteMembers(tx: Queryable, campaignId: string, members: readonly SplitMember[]): Promise<void> {
  const begun = new Map(
    members.flatMap(({ stepId, experiment: one }) => (one ? [[experimentKey(stepId, one), { stepId, one }] as const] : [])),
  );
  await tx.query(
    `with noted as (
       insert into split_member (enrolment_id, step_id, campaign_id, arm)
       select m.enrolment_id, m.step_id, $1, m.arm from unnest($2::uuid[], $3::text[], $4::text[]) as m (enrolment_id, step_id, arm)
       on conflict (enrolment_id, step_id) do nothing)
     insert into split_experiment (campaign_id, step_id, definition, next_look_at)
     select $1, d.step_id, d.definition, clock() + ${LOOK_AGAIN}
       from unnest($5::text[], $6::jsonb[]) as d (step_id, definition)
      where not exists (select from split_experiment e where e.campaign_id = $1 and e.step_id = d.step_id and e.definition = d.definition)
      order by d.step_id
     on conflict (campaign_id, step_id, definition) do nothing`,
    [
      campaignId,
      members.map((m) => m.enrolmentId),
      members.map((m) => m.stepId),
      members.map((m) => m.arm),
      [...begun.values()].map(({ stepId }) => stepId),
      [...begun.values()].map(({ one }) => JSON.stringify(one)),
    ],
  );
}

const LOOK_AGAIN = `interval '1 hour'`;

interface ExperimentRow {
  stepId: string;
  definition: unknown;
  winner: string | null;
  decidedAt: Date | null;
  looks: number;
}

/** The campaign's experiments that have a winner, by `experimentKey`. Judges those first whose next look is due and which no other loop is judging. */
export async function winners(tx: Queryable, campaignId: string): Promise<Record<string, string>> {
  const { rows: due } = await tx.query<ExperimentRow>(
    `select step_id as "stepId", definition, looks from split_experiment
      where campaign_id = $1 and winner is null and next_look_at <= clock() order by step_id for no key update skip locked`,
    [campaignId],
  );
  for (const { stepId, definition, looks } of due) {
    const asked = experiment.parse(definition);
    // What came of them is only asked once there are enough of them: with doubling numbers that is a handful of times in all.
    const ready = await enough(tx, campaignId, stepId, asked, looks);
    const figures = ready ? await armFigures(tx, campaignId, stepId, asked) : [];
    const found = judge(asked, looks, figures);
    await tx.query(
      `update split_experiment
          set looks = $4, next_look_at = clock() + ${LOOK_AGAIN}, winner = $5, decided_at = case when $5::text is not null then clock() end,
              figures = case when $6 then $7 else figures end
        where campaign_id = $1 and step_id = $2 and definition = $3`,
      [campaignId, stepId, JSON.stringify(asked), found.looks, found.winner, found.judged, JSON.stringify(figures)],
    );
  }
  const won = (await experiments(tx, campaignId)).filter((one) => one.winner !== null);
  return Object.fromEntries(won.map(({ stepId, definition, winner }) => [experimentKey(stepId, experiment.parse(definition)), winner!]));
}

/** Whether every arm has as many people whose time has passed as the next look needs. */
async function enough(tx: Queryable, campaignId: string, stepId: string, asked: Experiment, looks: number): Promise<boolean> {
  const { rows } = await tx.query<{ enough: boolean }>(
    `select count(*) = $6 as enough from (
       select arm from split_member where campaign_id = $1 and step_id = $2 and arm = any($3) and at <= clock() - make_interval(secs => $4 / 1000.0)
        group by arm having count(*) >= $5) a`,
    [campaignId, stepId, asked.arms, lengthMs(asked.within), neededAt(asked, looks), asked.arms.length],
  );
  return rows[0]!.enough;
}

/** Every experiment of a campaign, those of earlier versions too. */
export async function experiments(tx: Queryable, campaignId: string): Promise<ExperimentRow[]> {
  const { rows } = await tx.query<ExperimentRow>(
    `select step_id as "stepId", definition, winner, decided_at as "decidedAt", looks from split_experiment where campaign_id = $1`,
    [campaignId],
  );
  return rows;
}

export interface ArmFigures extends ArmShare {
  /** Everybody who went this way; `n` of them have had their time. */
  entered: number;
}

/** How many went each way of a split, and of how many of those whose time has passed something came. Test leads stay out. */
export async function armFigures(
  tx: Queryable,
  campaignId: string,
  stepId: string,
  { metric, within }: Pick<Experiment, 'metric' | 'within'>,
): Promise<ArmFigures[]> {
  const mails = { clicked: 'email_clicked', replied: 'email_replied', goal: null };
  const event = typeof metric === 'string' ? mails[metric] : metric.event;
  const { rows } = await tx.query<ArmFigures>(
    `select m.arm, count(*)::int as entered, count(*) filter (where m.at <= clock() - w.length)::int as n,
            count(*) filter (where m.at <= clock() - w.length and
              case when $4::text is null then coalesce(e.goal_at >= m.at and e.goal_at < m.at + w.length, false)
                   else exists (select from event v where v.lead_id = e.lead_id and v.name = $4 and v.at >= m.at and v.at < m.at + w.length
                                   and (not $5 or v.properties ->> 'enrolment' = e.id::text)) end)::int as successes
       from split_member m join enrolment e on e.id = m.enrolment_id cross join (select make_interval(secs => $3 / 1000.0) as length) w
      where m.campaign_id = $1 and m.step_id = $2 and not e.test
      group by m.arm order by m.arm`,
    [campaignId, stepId, lengthMs(within), event, typeof metric === 'string'],
  );
  return rows;
}
