import type { Move } from '../domain/campaign/moving.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Queryable } from './pool.ts';
import { wakeHeld } from './turns.ts';

/** The id of a version by its number. Throws `not_found`. */
export async function requireVersion(tx: Queryable, campaignId: string, number: number): Promise<string> {
  const { rows } = await tx.query<{ id: string }>('select id from campaign_version where campaign_id = $1 and number = $2', [
    campaignId,
    number,
  ]);
  if (!rows[0]) throw new TendrilError('not_found', `The campaign has no version ${number}`);
  return rows[0].id;
}

/** How many are under way on a version, by step. Test leads among them: they are moved too. */
export async function standingOn(tx: Queryable, campaignId: string, versionId: string): Promise<{ stepId: string; count: number }[]> {
  const { rows } = await tx.query<{ stepId: string; count: number }>(
    `select step_id as "stepId", count(*)::int as count from enrolment
      where campaign_id = $1 and version_id = $2 and state = 'active' group by step_id order by step_id`,
    [campaignId, versionId],
  );
  return rows;
}

/**
 * Moves up to `limit` of those under way to another version, by the moves planned; each is looked at again at once, and so is whoever waited for
 * one that leaves. Answers how many; 0 when nobody is left. One batch a transaction: cut off, it goes on where it was when called again.
 */
export async function moveSome(
  tx: Queryable,
  campaignId: string,
  { fromId, toId, from, to }: { fromId: string; toId: string; from: number; to: number },
  moves: readonly Move[],
  limit: number,
): Promise<number> {
  const { rows } = await tx.query<{ id: string; left: boolean }>(
    `with move as (select * from unnest($4::text[], $5::text[], $6::boolean[]) as m (step, target, keeps)),
     batch as (
       select e.id from enrolment e
        where e.campaign_id = $1 and e.version_id = $2 and e.state = 'active' and e.step_id = any($4) order by e.id limit $7 for no key update),
     moved as (
       update enrolment e
          set version_id = $3, seq = e.seq + 1, error = null, failures = 0,
              step_id = coalesce(m.target, e.step_id),
              arrived_at = case when coalesce(m.target, e.step_id) = e.step_id then e.arrived_at else clock() end,
              waiting = case when m.keeps then e.waiting end,
              due_at = case when m.target is null then null else clock() end,
              state = case when m.target is null then 'exited' else 'active' end,
              ended_at = case when m.target is null then clock() end,
              end_reason = case when m.target is null then 'migrated' end
         from batch, move m where e.id = batch.id and m.step = e.step_id
       returning e.id, e.lead_id, e.seq, m.step, m.target),
     told as (
       insert into journal (kind, lead_id, campaign_id, enrolment_id, seq, step_id, because)
       select case when target is null then 'exited' else 'migrated' end, lead_id, $1, id, seq, coalesce(target, step),
              jsonb_build_object('rule', 'migrated', 'from', $8::int, 'to', $9::int, 'step', step)
         from moved)
     select id, target is null as left from moved`,
    [
      campaignId,
      fromId,
      toId,
      moves.map((move) => move.stepId),
      moves.map((move) => move.to),
      moves.map((move) => move.keepsWaiting),
      limit,
      from,
      to,
    ],
  );
  await wakeHeld(
    tx,
    rows.filter((row) => row.left).map(({ id }) => id),
  );
  return rows.length;
}
