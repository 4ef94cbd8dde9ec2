import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import { cutPage, type Place } from './keyset.ts';
import { NAME } from './person.ts';
import type { Queryable } from './pool.ts';

/** A run of a sequence as it is read. */
export interface RunRow {
  id: string;
  sequence: string;
  version: number;
  lead: { id: string; name: string | null; email: string | null };
  rep: { key: string; name: string };
  state: 'active' | 'completed' | 'goal' | 'exited';
  stepId: string;
  paused: boolean;
  startedAt: Date;
  arrivedAt: Date;
  dueAt: Date | null;
  waiting: string | null;
  endedAt: Date | null;
  endReason: string | null;
  error: string | null;
  test: boolean;
}

const RUN = `select e.id, c.key as sequence, v.number as version, e.state, e.step_id as "stepId", e.paused_at is not null as paused,
       jsonb_build_object('id', l.id, 'name', ${NAME}, 'email', l.email) as lead,
       jsonb_build_object('key', r.key, 'name', r.name) as rep, e.entered_at as "startedAt", e.arrived_at as "arrivedAt", e.due_at as "dueAt",
       e.waiting, e.ended_at as "endedAt", e.end_reason as "endReason", e.error, e.test, jsonb_build_object('at', e.entered_at::text, 'id', e.id) as place
  from enrolment e join campaign c on c.id = e.campaign_id join campaign_version v on v.id = e.version_id join lead l on l.id = e.lead_id
  join rep r on r.id = e.rep_id`;

export interface RunFilter {
  state?: RunRow['state'] | undefined;
  step?: string | undefined;
  repId?: string | null;
}

/** Runs of a sequence, newest first, one page from a place on. */
export async function listRuns(tx: Queryable, campaignId: string, { state, step, repId }: RunFilter, limit: number, from: Place | null) {
  const { rows } = await tx.query<RunRow & { place: Place }>(
    `${RUN}
      where e.campaign_id = $1 and ($2::text is null or e.state = $2) and ($3::text is null or e.step_id = $3) and ($4::uuid is null or e.rep_id = $4)
        and ($5::timestamptz is null or (e.entered_at, e.id) < ($5::timestamptz, $6::uuid))
      order by e.entered_at desc, e.id desc limit $7`,
    [campaignId, state ?? null, step ?? null, repId ?? null, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}

/** One run. Throws `not_found`. */
export async function requireRun(tx: Queryable, id: string): Promise<RunRow> {
  const { rows } = await tx.query<RunRow & { place: Place }>(`${RUN} where e.id = $1`, [id]);
  if (!rows[0]) throw new TendrilError('not_found', 'There is no such run');
  const { place: _, ...run } = rows[0];
  return run;
}

/** Loops that are poked at once; the sweeper finds the others. */
const POKED = 200;

/** The loops of a sequence's active runs, those due first. */
export async function runLoops(tx: Queryable, campaignId: string): Promise<Loop[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from enrolment where campaign_id = $1 and state = 'active' order by due_at limit $2`,
    [campaignId, POKED],
  );
  return rows.map(({ id }): Loop => ({ kind: 'sequence', enrolmentId: id }));
}

/** What Temporal's own pages show of a run: its rep, the company, its sequence. It keeps 255 characters of each. */
export async function shownRun(tx: Queryable, id: string): Promise<{ rep: string | null; account: string | null; stage: string }> {
  const { rows } = await tx.query<{ rep: string; account: string | null; stage: string }>(
    `select left(r.key, 255) as rep, left(coalesce(a.name, a.domain), 255) as account, c.key as stage
       from enrolment e join campaign c on c.id = e.campaign_id join rep r on r.id = e.rep_id join lead l on l.id = e.lead_id
       left join account a on a.id = l.account_id where e.id = $1`,
    [id],
  );
  return rows[0]!;
}
