import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { finishOffboarding, noteFailure, reopenOffboardings } from '../db/offboarding/finish.ts';
import { cancelOffboarding } from '../db/offboarding/job.ts';
import { letGoOfOffers } from '../db/offboarding/offers.ts';
import { passOn } from '../db/offboarding/pass-on.ts';
import { lockRunning, type Running } from '../db/offboarding/running.ts';
import { tellCustomers, tellHeirs } from '../db/offboarding/tell.ts';
import { inTransaction, type Queryable } from '../db/pool.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import { deliveryOf, type Loop, type Poke, qualificationOf } from '../domain/loops.ts';
import { dayUrl } from '../messaging/day-link.ts';
import type { Look } from '../workflows/loop.ts';
import type { MailSettings } from './qualification/mails.ts';
import { signAnew } from './signing.ts';
import type { Chore } from './sweep.ts';

export interface OffboardDeps {
  pool: Pool;
  poke: Poke;
  mail: MailSettings;
  log: Logger;
}
export type OffboardActivities = ReturnType<typeof createOffboardActivities>;

/** Under the activity's timeout, real ms. */
const LONGEST_MS = 30_000;
/** Somebody who began before is not done yet: look again after this, real ms. */
const SOON_MS = 500;
/** After a failure, real ms. */
const AGAIN_MS = 10_000;

/** What a step of the job has come to: something was done, so look again at once; nothing was left to do; or it is over. */
type Step = 'more' | 'nothing' | 'over';

/** Hands over what somebody has who leaves. */
export function createOffboardActivities({ pool, poke, mail, log }: OffboardDeps) {
  /** One step, if the job still goes on: cancelled by hand, it ends between two of them. */
  const step = async (rep: string, act: (tx: Queryable, running: Running) => Promise<{ step: Step; loops: Loop[] }>): Promise<Step> => {
    const done = await inTransaction(pool, async (tx) => {
      const running = await lockRunning(tx, rep);
      return running ? act(tx, running) : { step: 'over' as const, loops: [] };
    });
    done.loops.forEach(poke);
    return done.step;
  };

  /** In this order: what belongs together goes to one rep before the queues look for the company's owner; everybody is told when all is known. */
  const steps: ((tx: Queryable, running: Running) => Promise<{ step: Step; loops: Loop[] }>)[] = [
    async (tx, running) => {
      const { moved, woken, ...letters } = await passOn(tx, running);
      await signAnew(tx, running, letters);
      return { step: moved > 0 ? 'more' : 'nothing', loops: await wokenLoops(tx, woken) };
    },
    async (tx, running) => {
      const free = await letGoOfOffers(tx, running);
      return { step: free.length > 0 ? 'more' : 'nothing', loops: qualificationOf(free) };
    },
    async (tx, running) => {
      const lanes = await tellHeirs(tx, running, (rep) => dayUrl(mail, rep));
      return { step: lanes.length > 0 ? 'more' : 'nothing', loops: deliveryOf(lanes) };
    },
    async (tx, running) => {
      if (!running.tellCustomers) return { step: 'nothing', loops: [] };
      const { told, lanes } = await tellCustomers(tx, running);
      return { step: told > 0 ? 'more' : 'nothing', loops: deliveryOf(lanes) };
    },
    async (tx, running) => ({ step: (await finishOffboarding(tx, running)) ? 'over' : 'nothing', loops: [] }),
  ];

  async function look(rep: string): Promise<Look> {
    const until = Date.now() + LONGEST_MS;
    while (Date.now() < until) {
      let found: Step = 'nothing';
      for (const act of steps) if ((found = await step(rep, act)) !== 'nothing') break;
      if (found === 'over') return 'done';
      if (found === 'nothing') return { sleepMs: SOON_MS };
    }
    return 'again';
  }

  return {
    /**
     * Hands over what this rep has, thousand by thousand, tells everybody, and counts that nothing is left. Each step is a transaction of its own and finds
     * by itself where the last one ended, so it may be killed between any two. Answers `done`, or whether and when to look again.
     */
    async handOver({ rep }: { rep: string }): Promise<Look> {
      try {
        return await look(rep);
      } catch (error) {
        log.error({ err: error, rep }, 'handing over failed; it is tried again');
        await inTransaction(pool, (tx) => noteFailure(tx, rep, (error as Error).message));
        return { sleepMs: AGAIN_MS };
      }
    },

    /** The job was cancelled in Temporal: the rep is active again with what is still theirs. */
    async giveUpHandingOver({ rep }: { rep: string }): Promise<void> {
      const running = await inTransaction(pool, (tx) => lockRunning(tx, rep));
      if (running) (await inTransaction(pool, (tx) => cancelOffboarding(tx, rep, 'Temporal'))).forEach(poke);
    },
  };
}

/** What the sweeper does for those who have left. */
export const offboardChores: readonly Chore[] = [
  {
    name: 'what came to somebody after they left',
    run: async (tx) => (await reopenOffboardings(tx)).map((rep) => ({ kind: 'offboard', rep })),
  },
];
