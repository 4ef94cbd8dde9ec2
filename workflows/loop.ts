import { allHandlersFinished, condition, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';

/**
 * What a look found: nothing left for ever; work that it had no more time for; or how long (real ms) until the next look, where null waits for a
 * poke. The server's timers are rough, some of them a second late: who knows of work does not sleep at all.
 */
export type Look = 'done' | 'again' | { sleepMs: number | null };

/**
 * Events after which we continue as new, well before Temporal suggests it: a poke that lands in that very moment makes the server
 * refuse and replay all of the history, and while that takes longer than pokes are apart it would be refused for ever.
 */
const LONG_HISTORY = 1_000;

export const poke = defineSignal('poke');

/**
 * Look, act, sleep until the next look or a poke. Postgres holds all the truth, so this may be
 * terminated and started again at any moment and nothing is lost.
 */
export async function loop(look: () => Promise<Look>): Promise<'done' | 'continue'> {
  let poked = false;
  setHandler(poke, () => void (poked = true));

  while (!workflowInfo().continueAsNewSuggested && workflowInfo().historyLength < LONG_HISTORY) {
    poked = false;
    const found = await look();
    // What the poke tells of may have come after this look had read that nothing is left.
    if (found === 'done' && !poked) return 'done';
    if (found === 'done' || found === 'again') continue;
    await (found.sleepMs === null ? condition(() => poked) : condition(() => poked, found.sleepMs));
  }
  await condition(allHandlersFinished);
  return 'continue';
}
