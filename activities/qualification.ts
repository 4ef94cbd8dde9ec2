import type { Pool } from 'pg';
import { resume } from '../db/answers.ts';
import { inTransaction } from '../db/pool.ts';
import { readStanding, type Standing } from '../db/standing.ts';
import type { Poke } from '../domain/loops.ts';
import type { Look } from '../workflows/loop.ts';
import { assignQueue } from './qualification/assign.ts';
import { climbLadder } from './qualification/ladder.ts';
import type { MailSettings } from './qualification/mails.ts';
import { comeBackFromPartner } from './qualification/returns.ts';

export interface QualificationDeps {
  pool: Pool;
  poke: Poke;
  mail: MailSettings;
  /** Whether the namespace knows the search attributes of cases; without them nothing is shown, and all else works. */
  showsCases?: boolean;
}

/** What Temporal's own pages tell of a case, and find it by. */
export interface Shown {
  /** Key of the rep whose it is. */
  rep: string | null;
  account: string | null;
  stage: string;
}
/** A look that tells what to show too. */
export interface ShownLook {
  look: Look;
  show: Shown;
}
export type QualificationActivities = ReturnType<typeof createQualificationActivities>;

/** A pass over a queue is one transaction: small enough that an urgent lead which comes meanwhile goes into the next one soon. */
const PASS = 1_000;
/** Somebody else holds what we need; look again after this, real ms. */
const BUSY_MS = 250;
/** Under the activity's timeout, real ms. */
const LONGEST_MS = 30_000;

export function createQualificationActivities({ pool, poke, mail, showsCases = false }: QualificationDeps) {
  /** Gives out a pool's queue, pass after pass, until it is empty. */
  async function drain(poolId: string, until: number): Promise<void> {
    while (Date.now() < until) {
      const pass = await inTransaction(pool, (tx) => assignQueue(tx, mail, poolId, PASS));
      pass?.lanes.forEach((lane) => poke({ kind: 'delivery', lane }));
      pass?.moved.forEach((opportunityId) => poke({ kind: 'qualification', opportunityId }));
      if (!pass || pass.looked < PASS) return;
    }
  }

  async function act(standing: Standing, until: number): Promise<void> {
    if (standing.returning) return (await inTransaction(pool, (tx) => comeBackFromPartner(tx, standing.id))).forEach(poke);
    if (standing.state === 'queued') return drain(standing.poolId, until);
    if (standing.state === 'recycled') return (await inTransaction(pool, (tx) => resume(tx, standing.id))).forEach(poke);
    (await inTransaction(pool, (tx) => climbLadder(tx, mail, standing.id))).forEach(poke);
  }

  /** The look, and how the case stood at its end. */
  async function look(opportunityId: string): Promise<{ found: Look; standing: Standing | null }> {
    const until = Date.now() + LONGEST_MS;
    let before: Standing | undefined;
    for (;;) {
      const standing = await readStanding(pool, opportunityId);
      if (!standing || standing.nextLookAt === null) return { found: 'done', standing };
      if (!standing.due) {
        // In a rush the cases of those who came since wait behind this one in Temporal: they are given out here.
        if (standing.poolWaits) await drain(standing.poolId, until);
        return { found: { sleepMs: standing.sleepMs }, standing };
      }
      // Nothing has changed by what we did: somebody else holds the pool or the row.
      const unchanged = before && sameStanding(before, standing);
      if (unchanged || Date.now() > until) return { found: { sleepMs: BUSY_MS }, standing };
      await act(standing, until);
      before = standing;
    }
  }

  return {
    /**
     * Does what is due of one opportunity: gives out the queue it stands in, climbs its ladder, brings a recycled lead back when its time
     * has come. Answers how long nothing will be due, or `done` when it is closed for good; with it, where they can be shown, whose it is,
     * of which company and how far.
     */
    async lookAfter({ opportunityId }: { opportunityId: string }): Promise<Look | ShownLook> {
      const { found, standing } = await look(opportunityId);
      return showsCases && standing ? { look: found, show: shownOf(standing) } : found;
    },
  };
}

const sameStanding = (a: Standing, b: Standing): boolean =>
  a.state === b.state && a.epoch === b.epoch && a.rung === b.rung && a.wallRung === b.wallRung && a.snoozed === b.snoozed;

/** Temporal keeps 255 characters of a keyword. */
function shownOf({ ownerKey, accountName, state }: Standing): Shown {
  return { rep: ownerKey?.slice(0, 255) ?? null, account: accountName?.slice(0, 255) ?? null, stage: state };
}
