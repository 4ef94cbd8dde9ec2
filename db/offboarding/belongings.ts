import type { Belongings } from '../../domain/offboarding/handover.ts';
import type { Queryable } from '../pool.ts';
import type { Running } from './running.ts';

/** SQL: rep `r` is there, is not the one who leaves, and is of the same firm: what is a partner's stays with them, and what is ours with us. */
const other = 'r.active and r.id <> $1 and r.partner is not distinct from $4';

/** Whose each of these companies (or leads without one) is already, in this handing over and else; one statement. */
export async function belongingsOf(tx: Queryable, { id, repId, firm }: Running, whats: readonly string[]): Promise<Belongings[]> {
  const { rows } = await tx.query<Belongings>(
    `select n.what, h.to_rep_id as before, r.id as "accountOwner", o.rep_id as "alsoHas"
       from unnest($2::uuid[]) as n (what)
       left join account a on a.id = n.what
       left join rep r on r.id = a.owner_rep_id and ${other}
       left join lateral (
         select v.to_rep_id from handover v join rep r on r.id = v.to_rep_id and r.active where v.offboarding_id = $3 and v.what = n.what::text limit 1) h on true
       left join lateral (
         select r.id as rep_id from (
           select owner_rep_id, created_at, id from opportunity where account_id = n.what and closed_at is null and state in ('accepted', 'touched')
           union all
           select owner_rep_id, created_at, id from opportunity
            where account_id is null and lead_id = n.what and closed_at is null and state in ('accepted', 'touched')) one
           join rep r on r.id = one.owner_rep_id and ${other}
          order by one.created_at, one.id limit 1) o on true
      order by n.what`,
    [repId, whats, id, firm],
  );
  return rows;
}
