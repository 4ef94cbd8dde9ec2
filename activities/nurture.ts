import type { Logger } from 'pino';
import type { Pool } from 'pg';
import { loopCampaign, type LoopCampaign } from '../db/campaigns.ts';
import { candidatesSleep } from '../db/candidates.ts';
import {
  deleteStaleWakes,
  deleteWakes,
  lockById,
  lockReady,
  markFailed,
  nextLook,
  type NurtureRange,
  readWakes,
} from '../db/enrolments.ts';
import { appointmentsSleep } from '../db/doors.ts';
import { inTransaction } from '../db/pool.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import type { Poke } from '../domain/loops.ts';
import type { Look } from '../workflows/loop.ts';
import { admitBatch } from './admit.ts';
import { advanceBatch } from './advance.ts';
import { openDoors } from './doors.ts';
import { linger, type Lingering } from './linger.ts';
import type { Plans } from './plans.ts';
import type { MailSettings } from './qualification/mails.ts';
import type { ReadyWatch } from './ready.ts';

export interface NurtureDeps {
  pool: Pool;
  poke: Poke;
  plans: Plans;
  ready: ReadyWatch;
  mail: MailSettings;
  log: Logger;
  /** How long a loop stays when work came; the default suits a worker. */
  lingering?: Lingering;
}
export type NurtureActivities = ReturnType<typeof createNurtureActivities>;

const BATCH = 1_000;
/** Rows that others hold are looked at again after this, real ms. */
const LOCKED_MS = 250;
/** Candidates whose score is being made: scoring pokes us, this is for when the poke was lost. Real ms. */
const CANDIDATES_MS = 5_000;

export function createNurtureActivities({ pool, poke, plans, ready, mail, log, lingering }: NurtureDeps) {
  /** One batch in, one batch on. Answers how many people were looked at. */
  async function work(range: NurtureRange, campaign: LoopCampaign): Promise<number> {
    const opened = campaign.hasDoors && range.from === 0 ? await letInByTheClock(range, campaign) : 0;
    const admitted = await inTransaction(pool, (tx) => admitBatch(tx, plans, range, BATCH, mail), { byKey: true });
    admitted.loops.forEach(poke);
    const advanced = await advanceReady(range, campaign);
    return opened + admitted.people + advanced;
  }

  /** The first range of a campaign opens its doors. One that cannot be opened holds up nobody who is under way. */
  async function letInByTheClock({ campaignId }: NurtureRange, campaign: LoopCampaign): Promise<number> {
    try {
      const { taken, loops } = await inTransaction(pool, async (tx) => {
        const opened = await openDoors(tx, campaignId, campaign, BATCH);
        return { taken: opened.taken, loops: await wokenLoops(tx, opened.woken) };
      });
      loops.forEach(poke);
      return taken;
    } catch (error) {
      log.error({ err: error, campaignId }, 'the entries by date and schedule could not be opened; tried again');
      return 0;
    }
  }

  /** Advances a batch; where SQL refuses it, its halves, until the row that is to blame is alone and marked. */
  async function advanceReady(range: NurtureRange, campaign: LoopCampaign, only?: readonly string[]): Promise<number> {
    let locked: string[] = [];
    try {
      const pokes = await inTransaction(
        pool,
        async (tx) => {
          const enrolments = only ? await lockById(tx, only) : await lockReady(tx, range, BATCH);
          locked = enrolments.map((one) => one.id);
          return advanceBatch(tx, plans, range, campaign, enrolments, mail);
        },
        { byKey: true },
      );
      pokes.forEach(poke);
    } catch (error) {
      if (locked.length === 0) throw error;
      if (locked.length === 1) await setAside(locked[0]!, error as Error);
      else for (const half of halves(locked)) await advanceReady(range, campaign, half);
    }
    return locked.length;
  }

  async function setAside(id: string, error: Error): Promise<void> {
    log.error({ enrolment: id, code: (error as { code?: string }).code, reason: error.message }, 'an enrolment could not be advanced');
    await inTransaction(pool, async (tx) => {
      await deleteWakes(tx, await readWakes(tx, [id]));
      await markFailed(tx, [{ id, error: error.message }]);
    });
  }

  /** How long to sleep now that nothing was ready any more. What is ready all the same is in other hands, or came just now where work keeps coming. */
  async function sleep(range: NurtureRange, workKeptComing: boolean): Promise<Look> {
    await deleteStaleWakes(pool, range);
    const { sleepMs, ready: some } = await nextLook(pool, range);
    if (some) return workKeptComing ? 'again' : { sleepMs: LOCKED_MS };
    const candidatesMs = await candidatesSleep(pool, range, CANDIDATES_MS);
    const doorsMs = range.from === 0 ? await appointmentsSleep(pool, range.campaignId, CANDIDATES_MS) : null;
    const soonest = Math.min(...[sleepMs, candidatesMs, doorsMs].filter((ms) => ms !== null));
    return { sleepMs: Number.isFinite(soonest) ? soonest : null };
  }

  return {
    /** Takes in who may enter and advances who is due or woken, a batch a transaction, until nothing more comes for a while. */
    async advance(range: NurtureRange): Promise<Look> {
      let verdict: Look | null = null;
      let busy = false;
      let looks = 0;
      const cutOff = await linger(
        async (timeLeft) => {
          if (looks++ > 0 && !(await ready.next(range))) return false;
          const campaign = await loopCampaign(pool, range);
          verdict = standstill(campaign);
          if (verdict) return false;
          let people = 0;
          do {
            const handled = await work(range, campaign!);
            busy = handled > 0;
            people += handled;
          } while (busy && timeLeft());
          return people > 0;
        },
        { pauseMs: [0, 0], ...lingering },
      );
      return verdict ?? (busy ? 'again' : sleep(range, cutOff));
    },
  };
}

/** Why a loop does nothing at all: the campaign is over, or carried by other ranges by now; or it is paused. */
function standstill(campaign: LoopCampaign | null): Look | null {
  if (!campaign?.current || campaign.state === 'archived' || campaign.state === 'draft') return 'done';
  return campaign.state === 'paused' ? { sleepMs: null } : null;
}

const halves = <T>(list: readonly T[]): [T[], T[]] => [list.slice(0, Math.ceil(list.length / 2)), list.slice(Math.ceil(list.length / 2))];
