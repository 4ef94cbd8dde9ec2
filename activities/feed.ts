import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../db/pool.ts';
import {
  happenings,
  idAt,
  type Listener,
  listeners,
  madeAt,
  noteHeard,
  notYetTold,
  settledUntil,
  storeMessages,
  sumUpJournal,
} from '../db/webhook-feed.ts';
import { knownOf } from '../db/webhook-known.ts';
import type { Poke } from '../domain/loops.ts';
import { type Hearer, tellingsOf } from '../domain/webhooks/fan-out.ts';
import { messageOf } from '../domain/webhooks/payload.ts';
import { wantedBy } from '../domain/webhooks/wanted.ts';
import type { Look } from '../workflows/loop.ts';
import { linger, type Lingering, type TimeLeft } from './linger.ts';

export interface FeedDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  /** Between looks, and how long one activity goes on looking. */
  feeding?: Lingering;
}
export type FeedActivities = ReturnType<typeof createFeedActivities>;

/** Rows read at once, and the time that is read at once, real ms. */
const PAGE = 2_000;
const SLICE_MS = 15_000;
/** Read again before where we stopped, real ms: a clock that went back loses nothing. */
const OVERLAP_MS = 1_000;
/** Whoever is further behind catches up apart from the others, so many pages a look: nobody waits for it. Real ms. */
const BEHIND_MS = 60_000;
const PAGES_BEHIND = 10;
/** Nothing pokes the feed, so it looks again by itself, whether it finds anything or not, and within one activity: that costs Temporal nothing. */
const FEEDING: Lingering = { quietMs: null, pauseMs: [100, 500] };
const EVER_AFTER = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Who is being told, and up to when they had heard everything, as the database writes it. */
type Told = Hearer & { heard: string };
type Settled = Awaited<ReturnType<typeof settledUntil>>;

/** Turns what has happened into messages for those who want to be told. */
export function createFeedActivities({ pool, poke, log, feeding = FEEDING }: FeedDeps) {
  /** One page after an id, and where the next begins; null: that was all. */
  async function tellPage(group: readonly Told[], after: string, settled: Settled) {
    const wanted = wantedBy([...new Set(group.flatMap(({ types }) => types))]);
    const sliceEnd = madeAt(after) + SLICE_MS;
    const last = sliceEnd >= settled.nowMs;
    return inTransaction(pool, async (tx) => {
      const rows = await happenings(tx, { after, before: last ? EVER_AFTER : idAt(sliceEnd) }, wanted, PAGE);
      const stored = await store(rows);
      const full = rows.length === PAGE;
      const next = full ? rows.at(-1)!.id : last ? null : idAt(sliceEnd);
      const readMs = next === null ? Infinity : madeAt(next);
      const until = readMs < settled.untilMs ? new Date(readMs).toISOString() : settled.until;
      const stand = await noteHeard(
        tx,
        group.map(({ id, heard }) => ({ id, seen: heard })),
        until,
      );
      const heard = new Map(stand.map((one) => [one.id, one.heard]));
      return { stored, next, group: group.flatMap((one) => (heard.has(one.id) ? [{ ...one, heard: heard.get(one.id)! }] : [])) };

      async function store(found: typeof rows): Promise<number> {
        const tellings = await notYetTold(tx, tellingsOf(found, group));
        if (tellings.length === 0) return 0;
        const known = await knownOf(
          tx,
          tellings.map(({ row }) => row),
        );
        const made = tellings.flatMap(({ id, type, row, hearers }) => {
          const { body, test } = messageOf(row, type, known);
          const told = hearers.filter((one) => one.includeTest || !test);
          return told.length === 0 ? [] : [{ id, type, leadId: row.leadId, origin: row.origin, at: row.at, body, told }];
        });
        const deliveries = made.flatMap(({ id, told }) => told.map((one) => ({ endpointId: one.id, messageId: id })));
        return storeMessages(tx, made, deliveries);
      }
    });
  }

  /** Tells a group from where the first of them stopped, until all is told or its time is over. Answers how many deliveries are new. */
  async function tell(listening: readonly Listener[], settled: Settled, timeLeft: TimeLeft): Promise<number> {
    let group = listening.map((one): Told => ({ ...one, from: idAt(beginOf(one, settled.nowMs)) }));
    let after: string | null = group.map(({ from }) => from).toSorted()[0]!;
    let told = 0;
    do {
      const page: Awaited<ReturnType<typeof tellPage>> = await tellPage(group, after, settled);
      if (page.stored > 0) poke({ kind: 'calls', lane: 'events' });
      told += page.stored;
      after = page.next;
      group = page.group;
    } while (after !== null && group.length > 0 && timeLeft());
    return told;
  }

  return {
    /** Looks what has happened, as long as somebody listens. */
    async feed(): Promise<Look> {
      if ((await listeners(pool)).length === 0) return { sleepMs: null };
      await linger(async (timeLeft) => {
        const settled = await settledUntil(pool);
        const all = await listeners(pool);
        const behind = all.filter(({ heardMs }) => heardMs < settled.untilMs - BEHIND_MS);
        const abreast = all.filter((one) => !behind.includes(one));
        let told = abreast.length > 0 ? await tell(abreast, settled, timeLeft) : 0;
        if (behind.length > 0) told += await tell(behind, settled, atMost(PAGES_BEHIND, timeLeft));
        return told > 0;
      }, feeding);
      await sumUpJournal(pool).catch((error: unknown) =>
        log.warn({ err: error }, 'the journal was not summed up; the next look reads more of it'),
      );
      return 'again';
    },
  };
}

/** Where somebody goes on. What happened before they were there is told only when they have asked for it. */
function beginOf({ heardMs, createdMs }: Listener, nowMs: number): number {
  const begin = Math.min(heardMs, nowMs) - OVERLAP_MS;
  return heardMs < createdMs ? begin : Math.max(begin, createdMs);
}

function atMost(looks: number, timeLeft: TimeLeft): TimeLeft {
  let left = looks;
  return () => --left > 0 && timeLeft();
}
