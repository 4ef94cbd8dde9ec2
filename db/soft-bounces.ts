import { type Arrival, isDeadBySoftBounces } from '../domain/deliverability/soft-bounces.ts';
import type { Queryable } from './pool.ts';
import { suppress } from './suppressions.ts';

/** As which such an address is barred: what else bars it is another reason. */
export const SOURCE = 'soft-bounces';

/**
 * Looks again at these addresses, of which something was just noted in `delivery_event`: bars those whose refusals have become a hard bounce,
 * and lets those go that were barred for it where a delivery, told late, says otherwise. Answers the addresses for which something changed.
 */
export async function weighSoftBounces(tx: Queryable, addresses: readonly string[]): Promise<string[]> {
  if (addresses.length === 0) return [];
  const { rows } = await tx.query<{ address: string; arrivals: Arrival[]; barred: string | null }>(
    `select b.address, p.source as barred,
            (select json_agg(json_build_object('kind', d.kind, 'atMs', extract(epoch from d.told_real)::float8 * 1000, 'mail', coalesce(d.send_id::text, d.key)))
               from delivery_event d where d.address = b.address and d.kind in ('blocked', 'delivered')) as arrivals
       from (select distinct address from delivery_event where address = any($1) and kind = 'blocked') b
       left join suppression p on p.address = b.address and p.kind = 'bounce'`,
    [addresses],
  );
  const dead = rows.filter(({ arrivals, barred }) => barred === null && isDeadBySoftBounces(arrivals)).map(({ address }) => address);
  const alive = rows.filter(({ arrivals, barred }) => barred === SOURCE && !isDeadBySoftBounces(arrivals)).map(({ address }) => address);
  await suppress(
    tx,
    dead.map((address) => ({ address, kind: 'bounce', scope: 'all', source: SOURCE })),
  );
  if (alive.length > 0)
    await tx.query(`delete from suppression where address = any($1) and kind = 'bounce' and source = $2`, [alive, SOURCE]);
  return [...dead, ...alive];
}
