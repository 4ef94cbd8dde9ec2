import type { Pool } from 'pg';
import { resume } from '../db/answers.ts';
import { inTransaction } from '../db/pool.ts';
import { dueCases, readStanding, type Standing } from '../db/standing.ts';
import { deliveryOf, type Poke, qualificationOf } from '../domain/loops.ts';
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
/** So many of those who wait are read at once; where so many of them do not get on, the others are left to their own looks. */
const ALONG = 100;
const MOST_STUCK = 10;

export function createQualificationActivities({ pool, poke, mail, showsCases = false }: QualificationDeps) {
  /** Gives out a pool's queue, pass after pass, until it is empty. */
  async function drain(poolId: string, until: number): Promise<void> {
    while (Date.now() < until) {
      const pass = await inTransaction(pool, (tx) => assignQueue(tx, mail, poolId, PASS));
      if (!pass) return;
      [...deliveryOf(pass.lanes), ...qualificationOf(pass.moved)].forEach(poke);
      if (pass.looked < PASS) return;
    }
  }

  async function act(standing: Standing, until: number): Promise<void> {
    if (standing.returning) return (await inTransaction(pool, (tx) => comeBackFromPartner(tx, standing.id))).forEach(poke);
    if (standing.state === 'queued') return drain(standing.poolId, until);
    if (standing.state === 'recycled') return (await inTransaction(pool, (tx) => resume(tx, standing.id))).forEach(poke);
    (await inTransaction(pool, (tx) => climbLadder(tx, mail, standing.id))).forEach(poke);
  }

  /** Looks at one case until nothing more is due of it, and how it stood at the end. */
  async function lookAt(opportunityId: string, until: number): Promise<{ found: Look; standing: Standing | null }> {
    let before: Standing | undefined;
    for (;;) {
      const standing = await readStanding(pool, opportunityId);
      if (!standing || standing.nextLookAt === null) return { found: 'done', standing };
      if (!standing.due) return { found: { sleepMs: standing.sleepMs }, standing };
      // Nothing has changed by what we did: somebody else holds the pool or the row.
      const unchanged = before && sameStanding(before, standing);
      if (unchanged || Date.now() > until) return { found: { sleepMs: BUSY_MS }, standing };
      await act(standing, until);
      before = standing;
    }
  }

  let takesAlong = false;

  /** In a rush the others wait behind this one in Temporal, in the order of their coming: one look of this worker goes through them, the urgent first. */
  async function takeAlong(until: number): Promise<void> {
    if (takesAlong) return;
    takesAlong = true;
    const seen = new Set<string>();
    let stuck = 0;
    try {
      for (;;) {
        const due = (await dueCases(pool, ALONG)).filter((id) => !seen.has(id));
        if (due.length === 0) return;
        for (const id of due) {
          if (Date.now() > until || stuck === MOST_STUCK) return;
          seen.add(id);
          // What goes wrong is told by its own look.
          const looked = await lookAt(id, until).catch(() => null);
          if (!looked || looked.standing?.due) stuck++;
        }
      }
    } finally {
      takesAlong = false;
    }
  }

  async function look(opportunityId: string): Promise<{ found: Look; standing: Standing | null }> {
    const until = Date.now() + LONGEST_MS;
    const looked = await lookAt(opportunityId, until);
    const { standing } = looked;
    if (standing?.poolWaits) await drain(standing.poolId, until);
    if (!standing?.othersWait) return looked;
    await takeAlong(until);
    return lookAt(opportunityId, until);
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
