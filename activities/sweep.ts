import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { inTransaction, type Queryable } from '../db/pool.ts';
import type { DueLoop } from '../db/sweep.ts';
import { type Loop, loopId, type Poke } from '../domain/loops.ts';

export interface SweepDeps {
  pool: Pool;
  poke: Poke;
  dueLoops(tx: Queryable): Promise<DueLoop[]>;
  /** Ends and starts a loop that does not answer; false when it was only busy. */
  restart(loop: Loop): Promise<boolean>;
  /** What else has to happen now and then; each is safe to repeat. */
  chores: readonly Chore[];
  log: Logger;
  /** Overdue for longer than this, a loop is looked at in Temporal, real milliseconds. */
  patienceMs?: number;
}

/** A chore in one transaction of its own; answers the loops to poke once that is committed. */
export interface Chore {
  name: string;
  run(tx: Queryable): Promise<Loop[]>;
}

export type SweepActivities = ReturnType<typeof createSweepActivities>;

/** How many loops one sweep looks at in Temporal. */
const LOOKS = 20;

/** Finds what a lost poke, a dead worker or a stuck loop left behind. */
export function createSweepActivities({ pool, poke, dueLoops, restart, chores, log, patienceMs = 300_000 }: SweepDeps) {
  return {
    /** Pokes every loop with something due, restarts those that do not answer, does the chores. Answers how many of each. */
    async sweepOnce(): Promise<{ poked: number; restarted: number }> {
      for (const chore of chores) {
        try {
          (await inTransaction(pool, (tx) => chore.run(tx))).forEach(poke);
        } catch (error) {
          log.error({ err: error, chore: chore.name }, 'a chore of the sweeper failed; the next sweep tries again');
        }
      }
      const due = await inTransaction(pool, (tx) => dueLoops(tx));
      for (const { loop } of due) poke(loop);

      let restarted = 0;
      const late = due.filter(({ overdueMs }) => overdueMs > patienceMs).toSorted((a, b) => b.overdueMs - a.overdueMs);
      for (const { loop, overdueMs } of late.slice(0, LOOKS)) {
        if (!(await restart(loop))) continue;
        restarted++;
        log.warn({ loop: loopId(loop), overdueMs: Math.round(overdueMs) }, 'a loop did not answer and was started anew');
      }
      return { poked: due.length, restarted };
    },
  };
}
