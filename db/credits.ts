import type { Queryable } from './pool.ts';
import type { Standing } from './standing.ts';

/**
 * A lead that was rejected for a cause which is not the rep's does not count for them: noted once for each rep and opportunity, with the
 * journal; whoever next gives out the pool's leads lets the rotation know (`lockPool`). Nothing where the rotation did not count it as theirs.
 */
export async function creditRep(tx: Queryable, { id, leadId, poolId, ownerRepId, countedRepId }: Standing, reason: string): Promise<void> {
  if (ownerRepId === null || countedRepId !== ownerRepId) return;
  await tx.query(
    `with credited as (
       insert into rotation_credit (opportunity_id, rep_id, pool_id, reason) values ($1, $3, $4, $5) on conflict do nothing returning rep_id, pool_id)
     insert into journal (kind, lead_id, opportunity_id, because)
     select 'credited', $2, $1, jsonb_build_object('rep', r.id, 'name', r.name, 'pool', p.key, 'reason', $5::text)
       from credited c join rep r on r.id = c.rep_id join pool p on p.id = c.pool_id`,
    [id, leadId, ownerRepId, poolId, reason],
  );
}
