import type { Queryable } from '../pool.ts';
import type { Scope } from './scope.ts';

export interface Won {
  rep: string;
  name: string;
  /** Null: won without one. */
  currency: string | null;
  deals: number;
  amount: number;
}

/** What each rep has won in a period, by currency, most first. */
export async function readWon(tx: Queryable, { from, to, poolId }: Scope): Promise<Won[]> {
  const { rows } = await tx.query<Won>(
    `with won as (
       select o.owner_rep_id, o.currency, count(*)::int as deals, coalesce(sum(o.amount), 0)::float8 as amount from opportunity o
        where o.closed_at >= $1 and o.closed_at < $2 and o.state = 'won' and not o.test and ($3::uuid is null or o.pool_id = $3)
        group by 1, 2)
     select r.key as rep, r.name, w.currency, w.deals, w.amount from won w join rep r on r.id = w.owner_rep_id order by w.currency, w.amount desc, r.key`,
    [from, to, poolId],
  );
  return rows;
}

/** How many accounts each rep owns today, most first. */
export async function readAccountsOwned(tx: Queryable): Promise<{ rep: string; name: string; accounts: number }[]> {
  const { rows } = await tx.query<{ rep: string; name: string; accounts: number }>(
    `with owned as (select owner_rep_id, count(*)::int as accounts from account where owner_rep_id is not null group by 1)
     select r.key as rep, r.name, o.accounts from owned o join rep r on r.id = o.owner_rep_id order by o.accounts desc, r.key`,
  );
  return rows;
}
