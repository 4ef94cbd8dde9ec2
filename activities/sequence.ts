import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { loopCampaign } from '../db/campaigns.ts';
import { deleteWakes, markFailed, readWakes } from '../db/enrolments.ts';
import { inTransaction, isOfTheData, type Queryable } from '../db/pool.ts';
import { shownRun } from '../db/runs-read.ts';
import { activeRuns, afterRuns, forgetRun, lockAlong, lockRun, type Run } from '../db/sequence-runs.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import type { Loop, Poke } from '../domain/loops.ts';
import type { Look } from '../workflows/loop.ts';
import { advanceBatch } from './advance.ts';
import type { Plans } from './plans.ts';
import type { ShownLook } from './qualification.ts';
import type { MailSettings } from './qualification/mails.ts';

/** A run of a sequence, by its enrolment. */
export interface SequenceRun {
  enrolmentId: string;
}

export interface SequenceDeps {
  pool: Pool;
  poke: Poke;
  plans: Plans;
  mail: MailSettings;
  log: Logger;
  /** Whether Temporal can show whose a run is. */
  showsCases?: boolean;
}
export type SequenceActivities = ReturnType<typeof createSequenceActivities>;

/** A row that another holds is looked at again after this, real ms. */
const LOCKED_MS = 250;
/** Looks of one activity: each may lead to the next at once, as where a draft has become a mail. */
const MOST_LOOKS = 20;
/** In a crowd the others of a sequence wait behind this one in Temporal: so many are taken along by a look. */
const ALONG = 250;

interface Looked {
  /** To be poked. */
  loops: Loop[];
  /** Null where it is to be looked at once more. */
  verdict: Look | null;
}

export function createSequenceActivities({ pool, poke, plans, mail, log, showsCases = false }: SequenceDeps) {
  /** One look at the run, and at up to `most` others of its sequence for which something is due. */
  async function look(tx: Queryable, enrolmentId: string, most: number): Promise<Looked> {
    const nothing = (verdict: Look): Looked => ({ loops: [], verdict });
    const run = await lockRun(tx, enrolmentId);
    if (run === 'locked') return nothing({ sleepMs: LOCKED_MS });
    if (run === null) {
      await forgetRun(tx, enrolmentId);
      return nothing('done');
    }
    const { campaignId, slot } = run;
    const range = { campaignId, from: slot, to: slot };
    const campaign = (await loopCampaign(tx, range))!;
    if (campaign.state !== 'live') return nothing(campaign.state === 'paused' ? { sleepMs: null } : 'done');
    const runs = [...(run.ready ? [run] : []), ...(await lockAlong(tx, run, most))];
    if (runs.length === 0) return nothing({ sleepMs: run.sleepMs });
    const loops = await advanceBatch(tx, plans, range, campaign, runs, mail);
    const goOn = new Set((await activeRuns(tx, idsOf(runs))).map(({ id }) => id));
    const over = runs.filter(({ id }) => !goOn.has(id));
    const woken = await afterRuns(tx, over);
    return { loops: [...loops, ...(await wokenLoops(tx, woken))], verdict: over.includes(run) ? 'done' : null };
  }

  /** What SQL refuses is marked with its reason and tried again later, as in a campaign. */
  async function setAside(id: string, error: Error): Promise<void> {
    log.error({ enrolment: id, code: (error as { code?: string }).code, reason: error.message }, 'a run could not be advanced');
    await inTransaction(pool, async (tx) => {
      await deleteWakes(tx, await readWakes(tx, [id]));
      await markFailed(tx, [{ id, error: error.message }]);
    });
  }

  return {
    /** Advances one run as far as it goes now, and the others of its sequence that wait. */
    async advanceRun({ enrolmentId }: SequenceRun): Promise<Look | ShownLook> {
      let most = ALONG;
      for (let looks = 0; looks < MOST_LOOKS; looks++) {
        try {
          const { loops, verdict } = await inTransaction(pool, (tx) => look(tx, enrolmentId, most), { byKey: true });
          loops.forEach(poke);
          if (verdict === 'done') return verdict;
          if (verdict) return showsCases ? { look: verdict, show: await shownRun(pool, enrolmentId) } : verdict;
        } catch (error) {
          if (!isOfTheData(error)) throw error;
          // Whose fault it is shows when each is alone.
          if (most === 0) await setAside(enrolmentId, error as Error);
          most = 0;
        }
      }
      return { sleepMs: 1 };
    },
  };
}

const idsOf = (runs: readonly Run[]): string[] => runs.map(({ id }) => id);
