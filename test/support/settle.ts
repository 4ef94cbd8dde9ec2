import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { dueLoops } from '../../db/sweep.ts';
import { loopId, type Poke } from '../../domain/loops.ts';

/** How long everything must have been quiet, and how often we look, milliseconds. */
const LOOK_MS = 20;
const QUIET_LOOKS = 3;
/** As the sweeper would, but sooner: a poke that was lost is made up for. */
const POKE_EVERY_MS = 1_000;

/**
 * Waits until no loop has anything due and no mail or call is claimed or under way, seen several times in a row. Throws after
 * `deadlineMs` (real) with what is still to do.
 */
export async function settle(pool: Pool, poke: Poke, deadlineMs = 30_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  let quiet = 0;
  let nextPoke = Date.now() + POKE_EVERY_MS;
  while (quiet < QUIET_LOOKS) {
    const due = (await dueLoops(pool)).map(({ loop }) => loop);
    const busy = await underWay(pool);
    quiet = due.length + busy === 0 ? quiet + 1 : 0;
    if (Date.now() > deadline) {
      throw new Error(
        `not settled after ${deadlineMs} ms: ${busy} mails and calls under way; due: ${due.map(loopId).slice(0, 20).join(', ') || 'none'}`,
      );
    }
    if (Date.now() > nextPoke) {
      due.forEach(poke);
      nextPoke = Date.now() + POKE_EVERY_MS;
    }
    await sleep(LOOK_MS);
  }
}

async function underWay(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ busy: number }>(
    `select (select count(*) from send where state = 'in_flight')::int
          + (select count(*) from outgoing_call where state = 'claimed')::int as busy`,
  );
  return rows[0]!.busy;
}
