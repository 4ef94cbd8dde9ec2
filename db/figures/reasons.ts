import type { Queryable } from '../pool.ts';
import type { Scope } from './scope.ts';

/** How often a reason was given. */
export interface Given {
  reason: string | null;
  n: number;
}

/** Why sales said no in a period: also where the lead went on to somebody else. Most first. */
export async function readRejections(tx: Queryable, { from, to, poolId, repId }: Scope): Promise<Given[]> {
  const { rows } = await tx.query<Given>(
    `select j.because ->> 'reason' as reason, count(*)::int as n from journal j join opportunity o on o.id = j.opportunity_id
      where j.kind = 'opportunity_rejected' and j.at >= $1 and j.at < $2 and not o.test and ($3::uuid is null or o.pool_id = $3)
        and ($4::uuid is null or coalesce(j.because ->> 'rep', o.owner_rep_id::text) = $4::text)
      group by 1 order by n desc, 1`,
    [from, to, poolId, repId],
  );
  return rows;
}

/** Why deals were lost in a period, and what they would have been worth, by currency. Most first. */
export async function readLosses(
  tx: Queryable,
  { from, to, poolId, repId }: Scope,
): Promise<(Given & { values: Record<string, number> })[]> {
  const { rows } = await tx.query<Given & { values: Record<string, number> }>(
    `with lost as (
       select o.outcome_reason as reason, o.currency, count(*)::int as n, sum(o.amount)::float8 as value from opportunity o
        where o.closed_at >= $1 and o.closed_at < $2 and o.state = 'lost' and not o.test and ($3::uuid is null or o.pool_id = $3)
          and ($4::uuid is null or o.owner_rep_id = $4)
        group by 1, 2)
     select reason, sum(n)::int as n, coalesce(jsonb_object_agg(currency, value) filter (where currency is not null and value > 0), '{}') as values
       from lost group by reason order by n desc, reason`,
    [from, to, poolId, repId],
  );
  return rows;
}
