import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { claimCalls, type ClaimedCall, nextCall, recoverCalls, settleCall } from '../db/calls.ts';
import { inTransaction } from '../db/pool.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import type { CallOutcome } from '../domain/calls/call.ts';
import type { Poke } from '../domain/loops.ts';
import type { PostWebhook } from '../messaging/webhooks/post.ts';
import type { Look } from '../workflows/loop.ts';
import { linger, type Lingering } from './linger.ts';

export interface CallLane {
  lane: string;
}

export interface CallDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  postWebhook: PostWebhook;
  lingering?: Lingering;
}
export type CallActivities = ReturnType<typeof createCallActivities>;

/** Requests under way at once in one worker, of all hosts: many more than slow hosts can fill, eight each. */
const MOST_UNDER_WAY = 256;
/** Postgres' class of errors for values that no column takes. */
const REFUSED_VALUE = '22';
/** How long to wait for one of those under way before looking for more, real ms. */
const LOOK_MS = 100;
/** One seldom comes home alone: a moment more, and their places are filled by one claim. Real ms. */
const GATHER_MS = 10;

export function createCallActivities({ pool, poke, log, postWebhook, lingering }: CallDeps) {
  /** What this worker has asked and not heard of yet, whichever activity began it. A slow one outlives its activity; the lease outlives the worker. */
  const underWay = new Set<Promise<void>>();

  /** Answers how many were begun, or cancelled since nobody waits for them any more. */
  async function begin(lane: string): Promise<number> {
    const lost = await recoverCalls(pool, lane);
    if (lost > 0) log.warn({ lane, lost }, 'calls whose worker vanished are made again');
    const room = MOST_UNDER_WAY - underWay.size;
    if (room <= 0) return 0;
    const token = randomUUID();
    const { claimed, cancelled } = await claimCalls(pool, lane, token, room);
    for (const call of claimed) {
      const run: Promise<void> = make(call, token).finally(() => underWay.delete(run));
      underWay.add(run);
    }
    return claimed.length + cancelled;
  }

  async function make(call: ClaimedCall, token: string): Promise<void> {
    const outcome = await postWebhook(call);
    try {
      await settle(call, token, outcome).catch((error: { code?: string }) => {
        if (!error.code?.startsWith(REFUSED_VALUE)) throw error;
        const { status } = outcome;
        return settle(call, token, { status, excerpt: null, as: 'failed', reason: 'the answer holds what cannot be stored' });
      });
    } catch (error) {
      log.error({ err: error, call: call.id }, 'the outcome of a call could not be written; it is made again when its lease is over');
    }
  }

  async function settle({ id }: ClaimedCall, token: string, outcome: CallOutcome): Promise<void> {
    const loops = await inTransaction(pool, async (tx) => {
      const { woken, slots } = await settleCall(tx, id, token, outcome);
      return wokenLoops(tx, woken, slots);
    });
    loops.forEach(poke);
  }

  return {
    /** Makes what is due in the lane and writes what came of it, until nothing is left to do or to wait for. */
    async call({ lane }: CallLane): Promise<Look> {
      await linger(async (timeLeft) => {
        let any = false;
        while (timeLeft()) {
          const begun = await begin(lane);
          any ||= begun > 0;
          if (begun > 0) continue;
          if (underWay.size === 0) break;
          await Promise.race([...underWay, pause(LOOK_MS)]);
          await pause(GATHER_MS);
        }
        return any;
      }, lingering);
      return { sleepMs: await nextCall(pool, lane) };
    },
  };
}
