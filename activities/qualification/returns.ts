import { cardsOf } from '../../db/cards.ts';
import { giveBack, type Returned, type WhyBack } from '../../db/partners.ts';
import type { Queryable } from '../../db/pool.ts';
import { managers } from '../../db/reps.ts';
import { type NewSend, queueSends } from '../../db/sends.ts';
import type { Loop } from '../../domain/loops.ts';
import { opportunityMail } from './mails.ts';

/** A partner has not accepted it in time: it goes back to where it came from. Answers the loops to poke. */
export async function comeBackFromPartner(tx: Queryable, opportunityId: string): Promise<Loop[]> {
  const back = await giveBack(tx, [opportunityId], 'late');
  const lanes = await queueSends(tx, await returnedMails(tx, back, 'late'));
  return lanes.map((lane): Loop => ({ kind: 'delivery', lane }));
}

/** Tells the managers of what has just come back from a partner. */
export async function returnedMails(tx: Queryable, returned: readonly Returned[], why: WhyBack): Promise<NewSend[]> {
  if (returned.length === 0) return [];
  const told = await managers(tx);
  const cards = await cardsOf(
    tx,
    returned.map(({ id }) => id),
  );
  return returned.flatMap(({ id, epoch, test, partner, pool }) =>
    told.map((manager) => {
      const params = { partner, pool, late: why === 'late' };
      return opportunityMail('partner-returned', {
        card: cards.get(id)!,
        epoch,
        what: `returned-${manager.id}`,
        to: manager,
        test,
        params,
      });
    }),
  );
}
