import type { Decision } from '../domain/campaign/decide.ts';
import type { EnrolmentView } from '../domain/campaign/step.ts';
import type { Queryable } from './pool.ts';

/** The enrolments of one campaign whose slot is in the range, both ends included. */
export interface NurtureRange {
  campaignId: string;
  from: number;
  to: number;
}

export interface ReadyEnrolment extends EnrolmentView {
  versionId: string;
  entryEventId: string | null;
  failures: number;
  /** Of a run of a sequence: in whose name. */
  repId?: string;
}

/** SQL: an enrolment `e` as it is decided on. */
export const COLUMNS = `e.id, e.version_id as "versionId", e.lead_id as "leadId", e.step_id as "stepId", e.arrived_at as "arrivedAt", e.waiting,
  e.entered_at as "enteredAt", e.goal_at as "goalAt", e.seq, e.entry, e.entry_event_id as "entryEventId", e.test, e.holdout, e.failures`;

/**
 * SQL: the enrolment is active, said so that the planner knows no index for it. For where ids say which rows are meant: with statistics of yesterday, when
 * nobody was active, it would rather go through all who are, once for each id.
 */
export const isActive = (enrolment: string): string => `coalesce(${enrolment}.state = 'active', false)`;

/** Locks up to `limit` due and `limit` woken enrolments of the range; those that others hold are left alone. */
export async function lockReady(tx: Queryable, { campaignId, from, to }: NurtureRange, limit: number): Promise<ReadyEnrolment[]> {
  const { rows } = await tx.query<ReadyEnrolment>(
    `with ready as (
       (select id from enrolment where campaign_id = $1 and slot between $2 and $3 and state = 'active' and due_at <= (select clock()) order by due_at limit $4)
       union
       (select enrolment_id from wake where campaign_id = $1 and slot between $2 and $3 order by id limit $4))
     select ${COLUMNS} from enrolment e join ready using (id) where ${isActive('e')} for no key update of e skip locked`,
    [campaignId, from, to, limit],
  );
  return rows;
}

/** The same enrolments again, by id, for a batch that is tried in halves. */
export async function lockById(tx: Queryable, ids: readonly string[]): Promise<ReadyEnrolment[]> {
  const { rows } = await tx.query<ReadyEnrolment>(
    `select ${COLUMNS} from enrolment e where id = any($1::uuid[]) and ${isActive('e')} for no key update skip locked`,
    [ids],
  );
  return rows;
}

/** The active ones among these enrolments, as they stand; nothing is locked. */
export async function loadActive(tx: Queryable, ids: readonly string[]): Promise<ReadyEnrolment[]> {
  const { rows } = await tx.query<ReadyEnrolment>(`select ${COLUMNS} from enrolment e where id = any($1::uuid[]) and ${isActive('e')}`, [
    ids,
  ]);
  return rows;
}

export interface Wake {
  id: string;
  enrolmentId: string;
}

/** The wakes these enrolments have at this moment: to be read before the facts, and only these deleted after. */
export async function readWakes(tx: Queryable, enrolmentIds: readonly string[]): Promise<Wake[]> {
  const { rows } = await tx.query<Wake>('select id, enrolment_id as "enrolmentId" from wake where enrolment_id = any($1::uuid[])', [
    enrolmentIds,
  ]);
  return rows;
}

export async function deleteWakes(tx: Queryable, wakes: readonly Wake[]): Promise<void> {
  if (wakes.length === 0) return;
  await tx.query(
    'delete from wake w using unnest($1::bigint[], $2::uuid[]) as read (id, enrolment_id) where w.enrolment_id = read.enrolment_id and w.id = read.id',
    [wakes.map((wake) => wake.id), wakes.map((wake) => wake.enrolmentId)],
  );
}

/** Wakes of enrolments that have ended say nothing any more. */
export async function deleteStaleWakes(tx: Queryable, { campaignId, from, to }: NurtureRange): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from wake w where campaign_id = $1 and slot between $2 and $3 and not exists (select from enrolment e where e.id = w.enrolment_id and ${isActive('e')})`,
    [campaignId, from, to],
  );
  return rowCount ?? 0;
}

/** Writes positions, guarded by each enrolment's `seq`. Throws when a row has moved meanwhile, which its lock rules out. */
export async function writePositions(tx: Queryable, moved: readonly { enrolment: ReadyEnrolment; decision: Decision }[]): Promise<void> {
  const { rowCount } = await tx.query(
    `update enrolment e
        set step_id = d.step_id, arrived_at = d.arrived_at, waiting = d.waiting, due_at = d.due_at, state = coalesce(d.state, 'active'),
            ended_at = case when d.state is null then null else (select clock()) end, end_reason = d.reason, goal_at = d.goal_at,
            seq = e.seq + 1, error = null, failures = 0
       from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::timestamptz[])
         as d (id, seq, step_id, arrived_at, waiting, due_at, state, reason, goal_at)
      where e.id = d.id and e.seq = d.seq and ${isActive('e')}`,
    [
      moved.map(({ enrolment }) => enrolment.id),
      moved.map(({ enrolment }) => enrolment.seq),
      moved.map(({ decision }) => decision.position.stepId),
      moved.map(({ decision }) => decision.position.arrivedAt),
      moved.map(({ decision }) => decision.position.waiting),
      moved.map(({ decision }) => decision.dueAt),
      moved.map(({ decision }) => decision.ended?.state ?? null),
      moved.map(({ decision }) => decision.ended?.reason ?? null),
      moved.map(({ decision }) => decision.goalAt),
    ],
  );
  if (rowCount !== moved.length) throw new Error(`${moved.length - (rowCount ?? 0)} enrolments moved under their lock`);
}

/** Marks enrolments whose look failed: visible reason, and tried again after 1, 2, 4 … minutes, at most a day. */
export async function markFailed(tx: Queryable, failed: readonly { id: string; error: string }[]): Promise<void> {
  if (failed.length === 0) return;
  await tx.query(
    `update enrolment e
        set error = f.error, failures = least(e.failures + 1, 100), due_at = clock() + least(interval '1 minute' * power(2, least(e.failures, 11)), interval '1 day')
       from unnest($1::uuid[], $2::text[]) as f (id, error) where e.id = f.id and ${isActive('e')}`,
    [failed.map(({ id }) => id), failed.map(({ error }) => error.slice(0, 500))],
  );
}

/** Real ms until the range's next look, null while nothing is due or the clock stands still; and whether something is due or woken already. */
export async function nextLook(tx: Queryable, { campaignId, from, to }: NurtureRange): Promise<{ sleepMs: number | null; ready: boolean }> {
  const { rows } = await tx.query<{ sleepMs: number | null; ready: boolean }>(
    `select real_ms_until(due) as "sleepMs",
            coalesce(due <= (select clock()), false) or exists (select from wake where campaign_id = $1 and slot between $2 and $3) as ready
       from (select min(due_at) as due from enrolment where campaign_id = $1 and slot between $2 and $3 and state = 'active') e`,
    [campaignId, from, to],
  );
  return rows[0]!;
}

/** Which of these ranges (by index) have something to do now: due, woken, or a candidate whose score is not still being made. */
export async function readyAmong(tx: Queryable, ranges: readonly NurtureRange[]): Promise<Set<number>> {
  const { rows } = await tx.query<{ n: number }>(
    `select r.n::int - 1 as n
       from unnest($1::uuid[], $2::int[], $3::int[]) with ordinality as r (campaign_id, low, high, n)
      where exists (select from wake w where w.campaign_id = r.campaign_id and w.slot between r.low and r.high)
         or exists (select from candidate c where c.campaign_id = r.campaign_id and c.slot between r.low and r.high and (c.due_at is null or c.due_at <= clock())
                      and (not c.needs_score or not exists (select from score_wake s where s.lead_id = c.lead_id)))
         or exists (select from enrolment e where e.campaign_id = r.campaign_id and e.state = 'active' and e.due_at <= (select clock()) and e.slot between r.low and r.high)`,
    [ranges.map((r) => r.campaignId), ranges.map((r) => r.from), ranges.map((r) => r.to)],
  );
  return new Set(rows.map((row) => row.n));
}
