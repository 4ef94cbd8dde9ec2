import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { currentDocument } from '../db/documents.ts';
import { applyVerdicts, type Judged, nextDelivery, pick, recoverExpired, settle, type Settlement } from '../db/ledger.ts';
import { holdLane, stopLane } from '../db/lanes.ts';
import { type Departing, loadDeparting, mailWorkspace } from '../db/mails.ts';
import { rawsOf } from '../db/inbound/read.ts';
import { inTransaction, type Queryable } from '../db/pool.ts';
import { touchBySequence } from '../db/sequence-touch.ts';
import { suppress } from '../db/suppressions.ts';
import { lockLeads, wakeEnrolments, type Woken } from '../db/wakes.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import { topics } from '../domain/consent/topics.ts';
import { type CampaignWord, lastLook, type Verdict } from '../domain/delivery/last-look.ts';
import { LEASE_MS } from '../domain/delivery/ledger.ts';
import type { MailWorkspace, Thread } from '../domain/delivery/mail.ts';
import type { Poke } from '../domain/loops.ts';
import { type Attachment, attachmentsIn } from '../messaging/attachments.ts';
import { renderMail, type RenderSettings } from '../messaging/render.ts';
import type { Outcome, OutgoingMessage, Transport } from '../messaging/transports/transport.ts';
import type { Look } from '../workflows/loop.ts';
import type { Throttle } from './gates.ts';
import { lettersAmong, noteLetters } from './letters.ts';
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
    mails: readonly Pick<Departing, 'id' | 'sendKey' | 'enrolmentId' | 'campaignId' | 'class' | 'dueAt'>[],
  ): Promise<ReadonlyMap<string, CampaignWord>>;
  /** Which of those that may go must wait for a limit of our domain or of their provider. */
  throttle: Throttle;
  lingering?: Lingering;
}
export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/** Batches under way at once while there is a backlog: some talk to the database while others talk to the mail server. */
const STREAMS = 3;
/** What leaves in some 100 ms is one batch, from the last look to settled; found by trying, within these bounds. */
const AIM_MS = 100;
const SMALLEST = 50;
const LARGEST = 500;

export function createDeliveryActivities(deps: DeliveryDeps) {
  const { pool, poke, log, transport, rendering, stillWanted, throttle } = deps;
  let size = 100;

  /** A batch from the queue to its end. Answers how many mails were looked at. */
  async function round(lane: string): Promise<number> {
    const unknown = await recoverExpired(pool, lane);
    if (unknown > 0) log.warn({ lane, unknown }, 'mails whose fate is unknown: their worker vanished');
    const token = randomUUID();
    const begun = performance.now();
    const { looked, going } = await depart(lane, token);
    if (going.length === 0) return looked;
    // A process that slept between the two may find its lease over: what it has not begun, it certainly did not send.
    const late = performance.now() - begun > LEASE_MS;
    const outcomes: Outcome[] = late
      ? going.map(() => ({ kind: 'retry', reason: 'woke up too late', lane: false, afterMs: 0 }))
      : await hand(going);
    await conclude(lane, token, begun, going, outcomes);
    return looked;
  }

  /**
   * The last look, the making of the mail and `in_flight`, in one transaction that holds the mails and their leads. Answers how many mails it
   * looked at, and those that go.
   */
  async function depart(lane: string, token: string): Promise<{ looked: number; going: OutgoingMessage[] }> {
    let looked = 0;
    let going: OutgoingMessage[] = [];
    const loops = await inTransaction(
      pool,
      async (tx) => {
        const picked = await pick(tx, lane, size);
        looked = picked.length;
        going = [];
        if (looked === 0) return [];
        await lockLeads(tx, [...new Set(picked.flatMap((mail) => mail.leadId ?? []))]);
        const mails = await loadDeparting(
          tx,
          picked.map((mail) => mail.id),
        );
        const workspace = await mailWorkspace(tx);
        await rendering.templates.refresh(tx);
        const document = topics.parse((await currentDocument(tx, 'topics'))?.body ?? {});
        const words = await stillWanted(tx, mails);
        const files = await filesOf(tx, mails);
        const letters = lane === 'personal' ? await lettersAmong(tx, mails) : null;
        const judged = mails.map((departing): Judged => {
          const { id } = departing;
          const verdict = lastLook(departing, document, words.get(id));
          if (verdict.as !== 'go') return { id, verdict, address: null, subject: null };
          const made = make(departing, workspace, letters?.get(id)?.thread);
          if ('verdict' in made) return { id, verdict: made.verdict, address: null, subject: null };
          going.push(departing.attach === null ? made : { ...made, attachments: files.get(departing.attach) ?? [] });
          return { id, verdict, address: made.to.address, subject: made.subject };
        });
        await rendering.trackedLinks?.keep();
        const held = await throttle(tx, lane, going);
        going = going.filter(({ id }) => !held.has(id));
        if (letters) await noteLetters(tx, letters, going);
        const decided = judged.map((one) =>
          held.has(one.id) ? { id: one.id, verdict: held.get(one.id)!, address: null, subject: null } : one,
        );
        return wokenLoops(tx, await wakeEnrolments(tx, await applyVerdicts(tx, lane, token, decided)));
      },
      { byKey: true },
    );
    loops.forEach(poke);
    return { looked, going };
  }

  /** The files that go along, by the mail that they came with. Most batches have none, and ask nothing. */
  async function filesOf(tx: Queryable, mails: readonly Departing[]): Promise<Map<string, Attachment[]>> {
    const raws = await rawsOf(
      tx,
      mails.flatMap(({ attach }) => attach ?? []),
    );
    return new Map(await Promise.all([...raws].map(async ([id, raw]) => [id, await attachmentsIn(raw)] as const)));
  }

  /** A mail that cannot be made fails alone, with the reason. */
  function make(departing: Departing, workspace: MailWorkspace, thread?: Thread): OutgoingMessage | { verdict: Verdict } {
    const mail = thread ? { ...departing.mail(), thread } : departing.mail();
    try {
      return renderMail(mail, workspace, rendering);
    } catch (error) {
      const reason = (error as Error).message;
      log.warn({ send: mail.id, template: mail.template, reason }, 'a mail could not be made');
      return { verdict: { as: 'failed', reason } };
    }
  }

  /**
   * To the transport. Only its own time sizes the next batch: a slow database is no reason to ask it more often. What came back unsent, because the
   * lane had come to a halt, took none of it.
   */
  async function hand(messages: OutgoingMessage[]): Promise<Outcome[]> {
    const begun = performance.now();
    const outcomes = await transport.send(messages);
    const left = outcomes.filter((outcome) => !halts(outcome)).length;
    if (left >= size / 2) size = clamp(Math.round((left * AIM_MS) / (performance.now() - begun)));
    return outcomes;
  }

  async function conclude(
    lane: string,
    token: string,
    begun: number,
    sent: readonly OutgoingMessage[],
    outcomes: readonly Outcome[],
  ): Promise<void> {
    const settlements = sent.map(({ id }, i) => settlementOf(id, outcomes[i]!));
    const dead = sent.flatMap(({ to }, i) => (isDead(outcomes[i]!) ? [to.address] : []));
    const halts = outcomes.filter(distinctHalt);
    const seen = lane === 'personal' ? settlements.flatMap(({ id, outcome }) => (outcome === 'accepted' ? [id] : [])) : [];
    const settled = async (tx: Queryable) => [...(await wokenLoops(tx, await settleAll(tx))), ...(await touchBySequence(tx, seen))];
    (await inTransaction(pool, settled, { byKey: true })).forEach(poke);

    async function settleAll(tx: Queryable): Promise<Woken[]> {
      for (const outcome of halts) {
        const leftMsAgo = performance.now() - begun;
        const halted =
          outcome.kind === 'stopped'
            ? await stopLane(tx, lane, outcome.reason, leftMsAgo)
            : await holdLane(tx, lane, outcome.afterMs ?? 0, leftMsAgo);
        if (halted) log.error({ lane, reason: outcome.reason }, 'the lane has come to a halt');
      }
      if (dead.length > 0)
        await suppress(
          tx,
          dead.map((address) => ({ address, kind: 'bounce', scope: 'all', source: 'smtp' })),
        );
      return settle(tx, token, settlements);
    }
  }

  /** Batch after batch while they are full; none waits for the slower one of another stream. */
  async function stream(lane: string, timeLeft: () => boolean): Promise<void> {
    for (let full = 0, looked = 0; looked >= full && timeLeft();) {
      full = size;
      looked = await round(lane);
    }
  }

  return {
    /** Sends what is due in the lane, until nothing is. */
    async deliver({ lane }: DeliveryLane): Promise<Look> {
      const cutOff = await linger(async (timeLeft) => {
        let any = false;
        while (timeLeft()) {
          const full = size;
          const looked = await round(lane);
          if (looked === 0) break;
          any = true;
          if (looked >= full) await Promise.all(Array.from({ length: STREAMS }, () => stream(lane, timeLeft)));
        }
        return any;
      }, deps.lingering);
      return cutOff ? 'again' : { sleepMs: await nextDelivery(pool, lane) };
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

/** Nothing more of the lane will be taken, for now or until somebody has done something. */
type Halt = Extract<Outcome, { kind: 'stopped' | 'retry' }>;

function halts(outcome: Outcome): outcome is Halt {
  return outcome.kind === 'stopped' || (outcome.kind === 'retry' && outcome.lane);
}

/** One of each kind of halt is enough to say. */
function distinctHalt(outcome: Outcome, i: number, all: readonly Outcome[]): outcome is Halt {
  return halts(outcome) && all.findIndex((one) => halts(one) && one.kind === outcome.kind) === i;
}
