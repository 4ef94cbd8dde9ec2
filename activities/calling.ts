import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CallOutcome, CallRequest } from '../domain/calls/call.ts';
import type { PostWebhook } from '../messaging/webhooks/post.ts';
import type { Look } from '../workflows/loop.ts';
import { linger, type Lingering } from './linger.ts';

/** Where the requests of one lane stand. */
export interface CallStore<Claimed extends CallRequest & { id: string }> {
  /** Requests of a worker that vanished are to be made again. Answers how many. */
  recover(): Promise<number>;
  /** Up to `room` that are due become this token's. `gone`: how many came to an end without being made. */
  claim(token: string, room: number): Promise<{ claimed: Claimed[]; gone: number }>;
  /** Writes what came of one, guarded by its token, and pokes whom it concerns. */
  settle(call: Claimed, token: string, outcome: CallOutcome): Promise<void>;
  /** Real ms until the next look; null: there is nothing to wait for. */
  next(): Promise<number | null>;
}

export interface Calling<Claimed extends CallRequest & { id: string }> {
  lane: string;
  store: CallStore<Claimed>;
  postWebhook: PostWebhook;
  log: Logger;
  /** Requests under way at once in one worker, of the lane. */
  most: number;
  lingering?: Lingering | undefined;
}

/** Postgres' class of errors for values that no column takes. */
const REFUSED_VALUE = '22';
/** How long to wait for one of those under way before looking for more, real ms. */
const LOOK_MS = 100;
/** One seldom comes home alone: a moment more, and their places are filled by one claim. Real ms. */
const GATHER_MS = 10;

/** Makes the requests of one lane. The look makes what is due and writes what came of it, until nothing is left to do or to wait for. */
export function createCalling<Claimed extends CallRequest & { id: string }>(calling: Calling<Claimed>): () => Promise<Look> {
  const { lane, store, postWebhook, log, most, lingering } = calling;
  /** What this worker has asked and not heard of yet, whichever activity began it. A slow one outlives its activity; the lease outlives the worker. */
  const underWay = new Set<Promise<void>>();

  /** Answers how many were begun, or came to an end since nobody waits for them any more. */
  async function begin(): Promise<number> {
    const room = most - underWay.size;
    if (room <= 0) return 0;
    const token = randomUUID();
    const { claimed, gone } = await store.claim(token, room);
    for (const call of claimed) {
      const run: Promise<void> = make(call, token).finally(() => underWay.delete(run));
      underWay.add(run);
    }
    return claimed.length + gone;
  }

  async function make(call: Claimed, token: string): Promise<void> {
    const outcome = await postWebhook(call);
    try {
      await store.settle(call, token, outcome).catch((error: { code?: string }) => {
        if (!error.code?.startsWith(REFUSED_VALUE)) throw error;
        const { status } = outcome;
        return store.settle(call, token, { status, excerpt: null, as: 'failed', reason: 'the answer holds what cannot be stored' });
      });
    } catch (error) {
      log.error({ err: error, call: call.id }, 'the outcome of a call could not be written; it is made again when its lease is over');
    }
  }

  return async function look() {
    const cutOff = await linger(async (timeLeft) => {
      const lost = await store.recover();
      if (lost > 0) log.warn({ lane, lost }, 'calls whose worker vanished are made again');
      let any = lost > 0;
      while (timeLeft()) {
        const begun = await begin();
        any ||= begun > 0;
        if (begun > 0) continue;
        if (underWay.size === 0) break;
        await Promise.race([...underWay, pause(LOOK_MS)]);
        await pause(GATHER_MS);
      }
      return any;
    }, lingering);
    return cutOff ? 'again' : { sleepMs: await store.next() };
  };
}
