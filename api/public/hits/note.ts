import { setTimeout as sleep } from 'node:timers/promises';
import { type NewHit, recordHits } from '../../../db/hits.ts';
import { inTransaction } from '../../../db/pool.ts';
import type { ApiDeps } from '../../deps.ts';

/** Nobody waits longer for us to note what they did, milliseconds. */
const PATIENCE_MS = 1_000;

/** Notes a hit. Whoever clicks is led on, whatever becomes of our counting: it never throws, and never takes long. */
export function createNote({ pool, poke, log }: Pick<ApiDeps, 'pool' | 'poke' | 'log'>) {
  return async (hit: NewHit): Promise<void> => {
    const noted = inTransaction(pool, (tx) => recordHits(tx, [hit])).then(
      (loops) => loops.forEach(poke),
      (error: Error) => log.error({ err: error, send: hit.sendId, kind: hit.kind }, 'a click or an open was not noted'),
    );
    await Promise.race([noted, sleep(PATIENCE_MS, undefined, { ref: false })]);
  };
}
