import type { Logger } from 'pino';
import type { Pool } from 'pg';
import {
  type DueSegment,
  endPass,
  goOnFrom,
  lockDueSegment,
  refreshMembers,
  segmentsOutlook,
  setSegmentAside,
  startEntries,
  strays,
  takeFirstMembers,
} from '../db/kept-segments.ts';
import { inTransaction, type Queryable } from '../db/pool.ts';
import { segmentScope } from '../db/segments.ts';
import { loadSurroundings } from '../db/surroundings.ts';
import { lockLeads, type Woken } from '../db/wakes.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import { parseSegment } from '../domain/conditions/condition.ts';
import { lookAgainMs } from '../domain/conditions/timed.ts';
import type { Poke } from '../domain/loops.ts';
import type { Look } from '../workflows/loop.ts';
import { linger, type Lingering } from './linger.ts';

export interface SegmentDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  lingering?: Lingering;
}
export type SegmentActivities = ReturnType<typeof createSegmentActivities>;

/** How many leads one transaction looks at, and how many of them it may find elsewhere than they are written. */
const WINDOW = 20_000;
const CHUNK = 2_000;
/** What others hold is looked at again after this, real ms. */
const BUSY_MS = 250;

/** What the loop `segments` does: fills the segments that campaigns need, and looks through those that time changes. */
export function createSegmentActivities({ pool, poke, log, lingering }: SegmentDeps) {
  /** One window of the segment whose pass is due. False when none is. */
  async function pass(): Promise<boolean> {
    let due: DueSegment | null = null;
    try {
      const pokes = await inTransaction(pool, async (tx) => {
        due = await lockDueSegment(tx);
        return due ? lookThrough(tx, due) : null;
      });
      pokes?.forEach(poke);
    } catch (error) {
      const found = due as DueSegment | null;
      if (!found) throw error;
      log.error({ err: error, segment: found.key }, 'a segment could not be looked through');
      await setSegmentAside(pool, found.key, (error as Error).message);
    }
    return due !== null;
  }

  /** Some of those who were in a segment at launch. False when nobody is left to be taken in. */
  async function takeIn(): Promise<boolean> {
    const pokes = await inTransaction(pool, async (tx) => {
      await startEntries(tx);
      const woken = await takeFirstMembers(tx, CHUNK);
      return woken && wokenLoops(tx, woken);
    });
    pokes?.forEach(poke);
    return pokes !== null;
  }

  return {
    /** Looks through every segment that is due, and takes in those who were in one at launch; lingers while more comes. */
    async keepSegments(): Promise<Look> {
      const cutOff = await linger(async (timeLeft) => {
        let found = false;
        for (let more = true; more && timeLeft();) {
          more = (await pass()) || (await takeIn());
          found ||= more;
        }
        return found;
      }, lingering);
      if (cutOff) return 'again';
      const { any, sleepMs } = await segmentsOutlook(pool, BUSY_MS);
      return any ? { sleepMs } : 'done';
    },
  };
}

async function lookThrough(tx: Queryable, { key, after }: DueSegment) {
  const condition = parseSegment({ segment: key }, await segmentScope(tx));
  const { leadIds, last } = await strays(tx, { key, condition }, after, WINDOW, await loadSurroundings(tx));
  const woken: Woken[] = [];
  for (let i = 0; i < leadIds.length; i += CHUNK) {
    const chunk = leadIds.slice(i, i + CHUNK);
    await lockLeads(tx, chunk);
    woken.push(...(await refreshMembers(tx, [{ key, condition }], chunk)));
  }
  if (last) await goOnFrom(tx, key, last);
  else await endPass(tx, key, lookAgainMs(condition));
  return wokenLoops(tx, woken);
}
