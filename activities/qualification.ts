import type { Pool } from 'pg';
import { resume } from '../db/answers.ts';
import { inTransaction } from '../db/pool.ts';
import { readStanding, type Standing } from '../db/standing.ts';
import type { Poke } from '../domain/loops.ts';
import type { Look } from '../workflows/loop.ts';
import { assignQueue } from './qualification/assign.ts';
import { climbLadder } from './qualification/ladder.ts';
import type { MailSettings } from './qualification/mails.ts';

export interface QualificationDeps {
  pool: Pool;
  poke: Poke;
  mail: MailSettings;
}
export type QualificationActivities = ReturnType<typeof createQualificationActivities>;

/** A pass over a queue is one transaction: small enough that an urgent lead which comes meanwhile goes into the next one soon. */
const PASS = 1_000;
/** Somebody else holds what we need; look again after this, real ms. */
const BUSY_MS = 250;
/** Under the activity's timeout, real ms. */
const LONGEST_MS = 30_000;

export function createQualificationActivities({ pool, poke, mail }: QualificationDeps) {
  /** Gives out a pool's queue, pass after pass, until it is empty. */
  async function drain(poolId: string, until: number): Promise<void> {
    while (Date.now() < until) {
      const pass = await inTransaction(pool, (tx) => assignQueue(tx, mail, poolId, PASS));
      pass?.lanes.forEach((lane) => poke({ kind: 'delivery', lane }));
      if (!pass || pass.looked < PASS) return;
    }
  }

  async function act(standing: Standing, until: number): Promise<void> {
    if (standing.state === 'queued') return drain(standing.poolId, until);
    if (standing.state === 'recycled') return (await inTransaction(pool, (tx) => resume(tx, standing.id))).forEach(poke);
    const lanes = await inTransaction(pool, (tx) => climbLadder(tx, mail, standing.id));
    lanes.forEach((lane) => poke({ kind: 'delivery', lane }));
  }

  return {
    /**
     * Does what is due of one opportunity: gives out the queue it stands in, climbs its ladder, brings a recycled lead back when its time
     * has come. Answers how long nothing will be due, or `done` when it is closed for good.
     */
    async lookAfter({ opportunityId }: { opportunityId: string }): Promise<Look> {
      const until = Date.now() + LONGEST_MS;
      let before: Standing | undefined;
      for (;;) {
        const standing = await readStanding(pool, opportunityId);
        if (!standing || standing.nextLookAt === null) return 'done';
        if (!standing.due) return { sleepMs: standing.sleepMs };
        // Nothing has changed by what we did: somebody else holds the pool or the row.
        if (
          Date.now() > until ||
          (before && before.epoch === standing.epoch && before.rung === standing.rung && before.state === standing.state)
        )
          return { sleepMs: BUSY_MS };
        await act(standing, until);
        before = standing;
      }
    },
  };
}
