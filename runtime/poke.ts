import type { Logger } from 'pino';
import { type Loop, loopId, type Poke } from '../domain/loops.ts';
import { createPace, type Pace } from './pace.ts';

export interface PokerDeps {
  /** Signals one loop, starting it if need be; its rejection is logged and forgotten. */
  signal(loop: Loop): Promise<void>;
  log: Pick<Logger, 'warn'>;
  /** Pokes of one loop within this time become one, milliseconds; up to four times as long while they keep coming. */
  gatherMs?: number;
  /** Signals under way at once. */
  atOnce?: number;
  /** How fast they go; without it as fast as Temporal takes them. */
  pace?: Pace;
  /** Loops remembered at once; what comes on top of them is left to the sweeper. */
  limit?: number;
}

interface Entry {
  loop: Loop;
  state: 'queued' | 'flying' | 'resting';
  again: boolean;
  gatherMs: number;
}

/**
 * Makes the Poke that everybody gets. The first poke of a loop goes out at once; those that come while it is under way or within
 * `gatherMs` become one more. At most one signal per loop is under way, and all of it is bounded: with Temporal down, pokes are
 * dropped. A loop that is poked without end is signalled less often (it lingers while work comes): each signal grows its history.
 */
export function createPoker({
  signal,
  log,
  gatherMs = 100,
  atOnce = 64,
  pace,
  limit = 20_000,
}: PokerDeps): Poke & { close(): Promise<void> } {
  const entries = new Map<string, Entry>();
  const queue = new Set<Entry>();
  const flights = new Set<Promise<void>>();
  const waitMs = pace ? createPace(pace) : () => 0;
  let waiting = false;
  let closed = false;
  let quietUntil = 0;

  function complain(fields: object, message: string): void {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + 5_000;
    log.warn(fields, message);
  }

  function depart(): void {
    for (const entry of queue) {
      if (flights.size >= atOnce || waiting) return;
      const ms = waitMs();
      if (ms > 0) return later(ms);
      queue.delete(entry);
      entry.state = 'flying';
      const flight = fly(entry).finally(() => {
        flights.delete(flight);
        depart();
      });
      flights.add(flight);
    }
  }

  function later(ms: number): void {
    waiting = true;
    setTimeout(() => {
      waiting = false;
      depart();
    }, ms).unref();
  }

  async function fly(entry: Entry): Promise<void> {
    const startedAt = Date.now();
    entry.again = false;
    try {
      await signal(entry.loop);
    } catch (error) {
      complain({ err: error, loop: loopId(entry.loop) }, 'a poke failed; the sweeper will make up for it');
    }
    entry.state = 'resting';
    setTimeout(() => rested(entry), Math.max(0, entry.gatherMs - (Date.now() - startedAt))).unref();
  }

  function rested(entry: Entry): void {
    if (entry.again && !closed) {
      entry.gatherMs = Math.min(entry.gatherMs * 2, gatherMs * 4);
      return enqueue(entry);
    }
    entries.delete(loopId(entry.loop));
  }

  function enqueue(entry: Entry): void {
    entry.state = 'queued';
    queue.add(entry);
    depart();
  }

  function poke(loop: Loop): void {
    if (closed) return;
    const known = entries.get(loopId(loop));
    if (known) {
      known.again = true;
      return;
    }
    if (entries.size >= limit) return complain({ limit }, 'too many loops to poke at once; the sweeper will find the rest');
    const entry: Entry = { loop, state: 'queued', again: false, gatherMs };
    entries.set(loopId(loop), entry);
    enqueue(entry);
  }

  /** Takes no more pokes; waits for the signals under way. */
  async function close(): Promise<void> {
    closed = true;
    queue.clear();
    await Promise.all(flights);
  }

  return Object.assign(poke, { close });
}
