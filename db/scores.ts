import type { Explanation, Grade } from '../domain/scoring/score.ts';
import type { Queryable } from './pool.ts';
import type { Woken } from './wakes.ts';

/** The slots that one scoring loop carries, both ends included. */
export interface ScoringRange {
  from: number;
  to: number;
}

/** A lead that is to be scored: `locked` by us, `busy` in other hands just now, or `gone` since its wake was written. */
export interface ReadyLead {
  leadId: string;
  state: 'locked' | 'busy' | 'gone';
}

/** Up to `limit` leads that were woken or whose score crosses something now, those we could lock locked. */
export async function lockReady(tx: Queryable, { from, to }: ScoringRange, limit: number): Promise<ReadyLead[]> {
  const { rows } = await tx.query<ReadyLead>(
    `with ready as (
       select lead_id from (
         (select lead_id from score_wake where slot between $1 and $2 order by id limit $3)
         union
         (select lead_id from lead_score where due_at <= clock() and slot between $1 and $2 order by due_at limit $3)) r
        limit $3),
     locked as materialized (
       select id from lead where id = any(array(select lead_id from ready)) order by id for no key update skip locked)
     select r.lead_id as "leadId",
            case when l.id is not null then 'locked' when exists (select from lead where id = r.lead_id) then 'busy' else 'gone' end as state
       from ready r left join locked l on l.id = r.lead_id`,
    [from, to, limit],
  );
  return rows;
}

/** Takes the wakes of these leads. What is read after this statement is at least what they were written for. */
export async function takeScoreWakes(tx: Queryable, leadIds: readonly string[]): Promise<void> {
  await tx.query('delete from score_wake where lead_id = any($1::uuid[])', [leadIds]);
}

export interface NewScore {
  leadId: string;
  fit: Grade;
  fitPoints: number;
  engagement: number;
  level: string;
  qualified: boolean;
  explanation: Explanation;
  model: number;
  dueAt: Date | null;
}

/** Writes the scores of leads we hold locked. */
export async function storeScores(tx: Queryable, scores: readonly NewScore[]): Promise<void> {
  await tx.query(
    `insert into lead_score (lead_id, slot, fit, fit_points, engagement, level, qualified, explanation, model, computed_at, due_at)
     select l.id, l.slot, s.fit, s.fit_points, s.engagement, s.level, s.qualified, s.explanation, s.model, (select clock()), s.due_at
       from rows from (
              unnest($1::uuid[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::boolean[], $7::int[], $8::timestamptz[]), jsonb_array_elements($9))
         as s (lead_id, fit, fit_points, engagement, level, qualified, model, due_at, explanation)
       join lead l on l.id = s.lead_id
      order by l.id
     on conflict (lead_id) do update
       set fit = excluded.fit, fit_points = excluded.fit_points, engagement = excluded.engagement, level = excluded.level,
           qualified = excluded.qualified, explanation = excluded.explanation, model = excluded.model,
           computed_at = excluded.computed_at, due_at = excluded.due_at`,
    [
      scores.map((s) => s.leadId),
      scores.map((s) => s.fit),
      scores.map((s) => s.fitPoints),
      scores.map((s) => s.engagement),
      scores.map((s) => s.level),
      scores.map((s) => s.qualified),
      scores.map((s) => s.model),
      scores.map((s) => s.dueAt),
      JSON.stringify(scores.map((s) => s.explanation)),
    ],
  );
}

/** Leads that cannot be scored are let go until something new happens to them, or for an hour if they were due by themselves. */
export async function setAside(tx: Queryable, leadIds: readonly string[]): Promise<void> {
  if (leadIds.length === 0) return;
  await takeScoreWakes(tx, leadIds);
  await tx.query(`update lead_score set due_at = clock() + interval '1 hour' where lead_id = any($1::uuid[]) and due_at <= clock()`, [
    leadIds,
  ]);
}

/** The nurture loops in which these leads wait for their score before they may enter. */
export async function loopsAwaiting(tx: Queryable, leadIds: readonly string[]): Promise<Woken[]> {
  const { rows } = await tx.query<Woken>(
    `select distinct campaign_id as "campaignId", slot from candidate where needs_score and lead_id = any($1::uuid[])`,
    [leadIds],
  );
  return rows;
}

/** What stands in a range. `sleepMs` (real) until something is due, null when that waits for a poke or the clock stands still. */
export interface ScoringOutlook {
  /** False when the workspace is cut into other ranges by now. */
  configured: boolean;
  sleepMs: number | null;
  /** Wakes are left, in other hands or just written. */
  woken: boolean;
}

export async function scoringOutlook(tx: Queryable, { from, to }: ScoringRange): Promise<ScoringOutlook> {
  const { rows } = await tx.query<ScoringOutlook>(
    `select 256 / w.ranges = $2::int - $1::int + 1 and $1::int % (256 / w.ranges) = 0 as configured,
            real_ms_until((select due_at from lead_score where due_at is not null and slot between $1 and $2 order by due_at limit 1)) as "sleepMs",
            exists (select from score_wake where slot between $1 and $2) as woken
       from workspace w`,
    [from, to],
  );
  return rows[0]!;
}

/** Whether something happened to a lead that its score does not know of yet. */
export async function awaitsScore(tx: Queryable, leadId: string): Promise<boolean> {
  const { rowCount } = await tx.query('select from score_wake where lead_id = $1 limit 1', [leadId]);
  return (rowCount ?? 0) > 0;
}
