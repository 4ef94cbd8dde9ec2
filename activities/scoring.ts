import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { inTransaction, isOfTheData } from '../db/pool.ts';
import { type ScoringRange, scoringOutlook } from '../db/scores.ts';
import { createScoringGround } from '../db/scoring-models.ts';
import type { Poke } from '../domain/loops.ts';
import type { Look } from '../workflows/loop.ts';
import { linger, type Lingering } from './linger.ts';
import { type Batch, letGo, scoreBatch } from './score-batch.ts';

export type { ScoringRange } from '../db/scores.ts';

export interface ScoringDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  lingering?: Lingering;
}

export type ScoringActivities = ReturnType<typeof createScoringActivities>;

const BATCH = 1_000;
/** Real milliseconds until leads in other hands are looked at again. */
const BUSY = 250;

/** What `scoring/{range}` does. */
export function createScoringActivities({ pool, poke, log, lingering }: ScoringDeps) {
  const ground = createScoringGround();

  /** One batch in one transaction; what fails in SQL is halved until the lead that spoils it is alone, and that one is set aside. */
  async function batch(range: ScoringRange, limit: number): Promise<Batch> {
    let held: string[] = [];
    try {
      return await inTransaction(pool, (tx) => scoreBatch(tx, range, limit, { ground, log, onLocked: (leadIds) => (held = leadIds) }));
    } catch (error) {
      if (!isOfTheData(error) || held.length === 0) throw error;
      if (held.length > 1) {
        log.warn({ err: error, ...range, leads: held.length }, 'a batch of leads could not be scored; it is tried in halves');
        const half = await batch(range, Math.ceil(limit / 2));
        return { ...half, full: true };
      }
      await inTransaction(pool, (tx) => letGo(tx, [{ leadId: held[0]!, error: error as Error }], log));
      return { done: 1, full: true, pokes: [] };
    }
  }

  return {
    /** Scores the leads of the range that are woken or due, and lingers while more come. */
    async rescore(range: ScoringRange): Promise<Look> {
      const cutOff = await linger(async (timeLeft) => {
        let found = false;
        for (let more = true; more && timeLeft();) {
          const { done, full, pokes } = await batch(range, BATCH);
          pokes.forEach(poke);
          found ||= done > 0;
          more = full && done > 0;
        }
        return found;
      }, lingering);
      if (cutOff) return 'again';
      const { configured, sleepMs, woken } = await scoringOutlook(pool, range);
      if (!configured) return 'done';
      return { sleepMs: woken || sleepMs === 0 ? BUSY : sleepMs };
    },
  };
}
