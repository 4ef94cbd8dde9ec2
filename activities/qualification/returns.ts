import { giveBack } from '../../db/partners.ts';
import type { Queryable } from '../../db/pool.ts';
import { deliveryOf, type Loop } from '../../domain/loops.ts';

/** A partner has not accepted it in time: it goes back to where it came from. Answers the loops to poke. */
export async function comeBackFromPartner(tx: Queryable, opportunityId: string): Promise<Loop[]> {
  const { lanes } = await giveBack(tx, [opportunityId], 'late');
  return deliveryOf(lanes);
}
