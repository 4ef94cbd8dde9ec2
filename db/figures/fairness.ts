import type { Queryable } from '../pool.ts';
import type { Scope } from './scope.ts';

/** What one rep has got of a pool's leads. */
export interface Dealt {
  pool: string;
  poolName: string;
  rep: string;
  name: string;
  /** Their weight in the pool's rotation; null: not a member of it. */
  weight: number | null;
  leads: number;
  /** What those are worth, by currency. */
  values: Record<string, number>;
}

/** Who has what was opened in a period, by pool, members first who have none; pools without leads are left out. */
export async function readDealt(tx: Queryable, { from, to, poolId }: Scope): Promise<Dealt[]> {
  const { rows } = await tx.query<Dealt>(
    `with summed as (
       select o.pool_id, o.owner_rep_id as rep_id, o.currency, count(*)::int as leads, sum(o.amount)::float8 as value from opportunity o
        where o.created_at >= $1 and o.created_at < $2 and not o.test and o.owner_rep_id is not null and ($3::uuid is null or o.pool_id = $3)
        group by 1, 2, 3),
     dealt as (
       select pool_id, rep_id, sum(leads)::int as leads, coalesce(jsonb_object_agg(currency, value) filter (where currency is not null and value > 0), '{}') as values
         from summed group by 1, 2),
     members as (select m.pool_id, m.rep_id, m.weight from pool_member m where m.pool_id in (select pool_id from dealt))
     select p.key as pool, p.name as "poolName", r.key as rep, r.name, m.weight, coalesce(d.leads, 0) as leads, coalesce(d.values, '{}') as values
       from dealt d full join members m using (pool_id, rep_id) join pool p on p.id = pool_id join rep r on r.id = rep_id
      order by p.key, leads desc, r.key`,
    [from, to, poolId],
  );
  return rows;
}
