import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { currentDocument } from '../db/documents.ts';
import {
  applyVerdicts,
  type AtLastLook,
  claim,
  endClaim,
  lockForLastLook,
  nextDelivery,
  recoverExpired,
  refuse,
  release,
  settle,
  type Settlement,
} from '../db/ledger.ts';
import { holdLane, stopLane } from '../db/lanes.ts';
import { loadMails, mailWorkspace } from '../db/mails.ts';
import { inTransaction, type Queryable } from '../db/pool.ts';
import { suppress } from '../db/suppressions.ts';
import { wakeEnrolments, type Woken } from '../db/wakes.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import { topics } from '../domain/consent/topics.ts';
import { type CampaignWord, lastLook } from '../domain/delivery/last-look.ts';
import { LEASE_MS } from '../domain/delivery/ledger.ts';
import type { Poke } from '../domain/loops.ts';
import { renderMail, type RenderSettings } from '../messaging/render.ts';
import type { Outcome, OutgoingMessage, Transport } from '../messaging/transports/transport.ts';
import type { Look } from '../workflows/loop.ts';
import { linger, type Lingering } from './linger.ts';

export interface DeliveryLane {
  lane: string;
}

export interface DeliveryDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  transport: Transport;
  rendering: RenderSettings;
  /** The campaigns' own word on mails that are about to leave, by send id; those that may go are not in it. */
  stillWanted(
    tx: Queryable,
    mails: readonly Pick<AtLastLook, 'id' | 'sendKey' | 'enrolmentId' | 'campaignId' | 'class' | 'dueAt'>[],
  ): Promise<ReadonlyMap<string, CampaignWord>>;
  lingering?: Lingering;
}
export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/** Mails claimed at a time: what leaves well within the lease. */
const BATCH = 1_000;
/** Batches under way at once while there is a backlog: one talks to the database while another talks to the mail server. */
const STREAMS = 2;
/** What leaves in some 100 ms is one step from `claimed` to settled; found by trying, within these bounds. */
const AIM_MS = 100;
const SMALLEST = 50;
const LARGEST = 500;

interface Claimed {
  leadId: string | null;
  message: OutgoingMessage;
}

export function createDeliveryActivities(deps: DeliveryDeps) {
  const { pool, poke, log, transport, rendering, stillWanted } = deps;
  let size = 100;

  /** Recovers, claims, and sends what was claimed. Answers how many were claimed, or freed for the next round. */
  async function round(lane: string, timeLeft: () => boolean): Promise<number> {
    const { freed, unknown } = await recoverExpired(pool, lane);
    if (unknown > 0) log.warn({ lane, unknown }, 'mails whose fate is unknown: their worker vanished');
    const token = randomUUID();
    const ids = await claim(pool, lane, token, BATCH);
    if (ids.length === 0) return freed;
    const leaseEnds = performance.now() + LEASE_MS;
    let waiting = await render(token, ids);
    while (waiting.length > 0 && timeLeft() && performance.now() < leaseEnds) {
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      if (!(await sendBatch(lane, token, batch))) break;
    }
    await release(
      pool,
      token,
      waiting.map(({ message }) => message.id),
    );
    await endClaim(pool, token);
    return ids.length;
  }

  /** Outside of any transaction. A mail that cannot be made fails alone, with the reason. */
  async function render(token: string, ids: readonly string[]): Promise<Claimed[]> {
    const [mails, workspace] = await Promise.all([loadMails(pool, ids), mailWorkspace(pool)]);
    const made: Claimed[] = [];
    const impossible: Parameters<typeof refuse>[2][number][] = [];
    for (const mail of mails) {
      try {
        made.push({ leadId: mail.leadId, message: renderMail(mail, workspace, rendering) });
      } catch (error) {
        const reason = (error as Error).message;
        impossible.push({ id: mail.id, as: reason === 'no_address' ? 'cancelled' : 'failed', reason });
        log.warn({ send: mail.id, template: mail.template, reason }, 'a mail could not be made');
      }
    }
    if (impossible.length > 0) await ending((tx) => refuse(tx, token, impossible));
    return made;
  }

  /** From the last look to the settled row. False when the lane has come to a halt. */
  async function sendBatch(lane: string, token: string, batch: readonly Claimed[]): Promise<boolean> {
    const begun = performance.now();
    const going = await depart(token, batch);
    if (going.length === 0) return true;
    // A process that slept between the two may find its lease over: what it has not begun, it certainly did not send.
    const late = performance.now() - begun > LEASE_MS;
    const outcomes: Outcome[] = late
      ? going.map(() => ({ kind: 'retry', reason: 'woke up too late', lane: false, afterMs: 0 }))
      : await hand(going.map(({ message }) => message));
    await conclude(lane, token, going, outcomes);
    return !outcomes.some((outcome) => outcome.kind === 'stopped' || (outcome.kind === 'retry' && outcome.lane));
  }

  /** To the transport. Only its own time sizes the next batch: a slow database is no reason to ask it more often. */
  async function hand(messages: OutgoingMessage[]): Promise<Outcome[]> {
    const begun = performance.now();
    const outcomes = await transport.send(messages);
    if (messages.length >= size / 2) size = clamp(Math.round((messages.length * AIM_MS) / (performance.now() - begun)));
    return outcomes;
  }

  /** `claimed → in_flight` for those that may still go; the rest is refused or goes back. Answers those that go. */
  async function depart(token: string, batch: readonly Claimed[]): Promise<Claimed[]> {
    const byId = new Map(batch.map((one) => [one.message.id, one]));
    const departing = batch.map(({ leadId, message: { id, to, subject } }) => ({ id, leadId, address: to.address, subject }));
    let going: Claimed[] = [];
    await ending(async (tx) => {
      const facts = await lockForLastLook(tx, token, departing);
      const document = topics.parse((await currentDocument(tx, 'topics'))?.body ?? {});
      const words = await stillWanted(tx, facts);
      const judged = facts.map((fact) => {
        const { leadId, message } = byId.get(fact.id)!;
        const verdict = lastLook(fact, document, words.get(fact.id));
        return { id: fact.id, leadId, address: message.to.address, subject: message.subject, verdict };
      });
      going = judged.flatMap(({ id, verdict }) => (verdict.as === 'go' ? [byId.get(id)!] : []));
      return applyVerdicts(tx, token, judged);
    });
    return going;
  }

  async function conclude(lane: string, token: string, sent: readonly Claimed[], outcomes: readonly Outcome[]): Promise<void> {
    const settlements = sent.map(({ message }, i) => settlementOf(message.id, outcomes[i]!));
    const dead = sent.flatMap(({ message }, i) => (isDead(outcomes[i]!) ? [message.to.address] : []));
    const halts = outcomes.filter(distinctHalt);
    const woken = await (halts.length + dead.length === 0 ? settle(pool, token, settlements) : inTransaction(pool, settleAll));
    (await wokenLoops(pool, woken)).forEach(poke);

    async function settleAll(tx: Queryable): Promise<Woken[]> {
      for (const outcome of halts) {
        if (outcome.kind === 'stopped') await stopLane(tx, lane, outcome.reason);
        if (outcome.kind === 'retry') await holdLane(tx, lane, outcome.afterMs ?? 0);
        log.error({ lane, reason: outcome.kind === 'accepted' ? null : outcome.reason }, 'the lane has come to a halt');
      }
      if (dead.length > 0)
        await suppress(
          tx,
          dead.map((address) => ({ address, kind: 'bounce', scope: 'all', source: 'smtp' })),
        );
      return settle(tx, token, settlements);
    }
  }

  /** A transaction that ends some mails: their enrolments are woken in it, and their loops poked after it. */
  async function ending(work: (tx: Queryable) => Promise<string[]>): Promise<void> {
    const loops = await inTransaction(pool, async (tx) => wokenLoops(tx, await wakeEnrolments(tx, await work(tx))));
    loops.forEach(poke);
  }

  return {
    /** Sends what is due in the lane, until nothing is. */
    async deliver({ lane }: DeliveryLane): Promise<Look> {
      await linger(async (timeLeft) => {
        let any = false;
        for (let streams = 1; timeLeft();) {
          const handled = await Promise.all(Array.from({ length: streams }, () => round(lane, timeLeft)));
          if (handled.every((count) => count === 0)) break;
          any = true;
          streams = handled.includes(BATCH) ? STREAMS : 1;
        }
        return any;
      }, deps.lingering);
      return { sleepMs: await nextDelivery(pool, lane) };
    },
  };
}

function clamp(size: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, size));
}

function settlementOf(id: string, outcome: Outcome): Settlement {
  switch (outcome.kind) {
    case 'accepted':
      return { id, outcome: 'accepted', reason: null, providerId: outcome.providerId, afterMs: null };
    case 'retry':
      return { id, outcome: outcome.lane ? 'lane' : 'retry', reason: outcome.reason, providerId: null, afterMs: outcome.afterMs };
    case 'stopped':
      return { id, outcome: 'lane', reason: outcome.reason, providerId: null, afterMs: null };
    case 'failed':
      return { id, outcome: 'failed', reason: outcome.dead ? 'address_dead' : outcome.reason, providerId: null, afterMs: null };
    case 'unknown':
      return { id, outcome: 'unknown', reason: outcome.reason, providerId: null, afterMs: null };
  }
}

function isDead(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.dead;
}

/** One of each kind of halt is enough to say. */
function distinctHalt(outcome: Outcome, i: number, all: readonly Outcome[]): boolean {
  const halts = (one: Outcome): boolean => one.kind === 'stopped' || (one.kind === 'retry' && one.lane);
  return halts(outcome) && all.findIndex((one) => halts(one) && one.kind === outcome.kind) === i;
}
