import { cardsOf } from './cards.ts';
import { opportunityMail } from './opportunity-mail.ts';
import type { Queryable } from './pool.ts';
import { managers } from './reps.ts';
import { queueSends } from './sends.ts';

/** Why it comes back: not accepted in time, nobody is left to ask, or they gave it back. */
export type WhyBack = 'late' | 'nobody' | 'given_back';

/** One that came back, with the names of the firm and of the pool. */
export interface Returned {
  id: string;
  epoch: number;
  test: boolean;
  partner: string;
  pool: string;
}

/** Who of the firm gave it back, and what they said. */
export interface GivenBack {
  name: string;
  note: string | null;
}

/** Tells the managers of what has just come back from a partner. Answers the lanes to poke. */
export async function tellOfReturn(tx: Queryable, returned: readonly Returned[], why: WhyBack, by: GivenBack | null): Promise<string[]> {
  if (returned.length === 0) return [];
  const told = await managers(tx);
  const cards = await cardsOf(
    tx,
    returned.map(({ id }) => id),
  );
  return queueSends(
    tx,
    returned.flatMap(({ id, epoch, test, partner, pool }) =>
      told.map((manager) => {
        const params = { partner, pool, late: why === 'late', by: by && by.name, note: by && by.note };
        return opportunityMail('partner-returned', {
          card: cards.get(id)!,
          epoch,
          what: `returned-${manager.id}`,
          to: manager,
          test,
          params,
        });
      }),
    ),
  );
}
