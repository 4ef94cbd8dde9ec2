import { isOutage } from '../../../db/outage.ts';
import { inTransaction } from '../../../db/pool.ts';
import { concernsOf, type Submitted, type Taken, takeSubmissions } from '../../../db/take-submission.ts';
import type { ApiDeps } from '../../deps.ts';
import { createGatherer } from '../../gather.ts';

/**
 * Stores submissions, those that come while a transaction is under way together in the next one, and pokes. What concerns the same
 * person or visitor goes one after the other; a submission that the database refuses fails alone. Resolves after the
 * commit; null: nothing is stored, because the form it was read by is not in force any more.
 */
export function createIntake({ pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): (submitted: Submitted) => Promise<Taken | null> {
  return createGatherer<Submitted, Taken | null>({
    async run(together) {
      const { taken, loops } = await inTransaction(pool, (tx) => takeSubmissions(tx, together));
      loops.forEach(poke);
      return taken;
    },
    namesOf: concernsOf,
    divides: (error) => !isOutage(error),
    atOnce: 2,
    most: 100,
    enough: 25,
    lingerMs: 2,
  });
}
