import type { Queryable } from '../../db/pool.ts';

/** Reps by key in one pool `sales`, with their weights. */
export async function addReps(tx: Queryable, reps: readonly string[] | Record<string, number>): Promise<void> {
  const weights: Record<string, number> = Array.isArray(reps) ? Object.fromEntries(reps.map((key) => [key, 1])) : { ...(reps as object) };
  const keys = Object.keys(weights);
  if (keys.length === 0) return;
  await tx.query(
    `with added as (
       insert into rep (key, name, email) select k, initcap(k), k || '@firm.example' from unnest($1::text[]) k returning id, key),
     pool as (insert into pool (key, name) values ('sales', 'Sales') returning id)
     insert into pool_member (pool_id, rep_id, weight)
     select pool.id, added.id, w.weight from pool, added join unnest($1::text[], $2::float8[]) as w (key, weight) using (key)`,
    [keys, keys.map((key) => weights[key])],
  );
}
