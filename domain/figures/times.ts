import type { OpenMeter } from '../calendar/open-meter.ts';
import { groupBy } from '../group-by.ts';
import { quantile } from './quantile.ts';

/** Things that were awaited of sales, all of one rep, pool, grade and source. Instants are epoch ms. */
export interface Awaited {
  /** Whose they were; null: nobody had them yet. */
  rep: string | null;
  pool: string;
  grade: string | null;
  source: string;
  /** Since when, and when it came. */
  answered: readonly (readonly [since: number, at: number])[];
  /** Since when, of those that have not come. */
  waiting: readonly number[];
}

/** Lengths in whole seconds by one clock. */
export interface Clocked {
  median: number | null;
  p90: number | null;
  /** Of all that had the time for it, the share that came within five minutes; null: there are none. */
  withinFive: number | null;
}

export interface Timing {
  answered: number;
  /** Have not come yet. */
  waiting: number;
  /** While somebody was there: in the working hours of the rep. */
  working: Clocked;
  /** As the customer feels it. */
  wall: Clocked;
}

export interface Times {
  total: Timing;
  /** Groups with most first. */
  byRep: (Timing & { of: string | null })[];
  byPool: (Timing & { of: string })[];
  byGrade: (Timing & { of: string | null })[];
  bySource: (Timing & { of: string })[];
}

/** Lengths in ms by one clock. */
interface Lengths {
  answered: Float64Array;
  waiting: Float64Array;
}

type Measured = Awaited & Record<'wall' | 'working', Lengths>;

const FIVE_MINUTES = 5 * 60_000;

/** How long everything took, over all and by who, where and what. `meterOf` measures in a rep's hours; of null, in those of the workspace. */
export function timesOf(awaited: readonly Awaited[], meterOf: (rep: string | null) => OpenMeter, now: number): Times {
  const measured = awaited.map((one): Measured => {
    const meter = meterOf(one.rep);
    const by = (length: (since: number, at: number) => number): Lengths => ({
      answered: Float64Array.from(one.answered, ([since, at]) => length(since, at)),
      waiting: Float64Array.from(one.waiting, (since) => length(since, now)),
    });
    return { ...one, wall: by((since, at) => Math.max(0, at - since)), working: by(meter) };
  });
  const by = <Key>(keyOf: (one: Measured) => Key): (Timing & { of: Key })[] =>
    [...groupBy(measured, keyOf)]
      .map(([of, group]) => ({ of, ...timing(group) }))
      .toSorted((a, b) => b.answered + b.waiting - a.answered - a.waiting);
  return {
    total: timing(measured),
    byRep: by((one) => one.rep),
    byPool: by((one) => one.pool),
    byGrade: by((one) => one.grade),
    bySource: by((one) => one.source),
  };
}

function timing(group: readonly Measured[]): Timing {
  return {
    answered: group.reduce((sum, one) => sum + one.answered.length, 0),
    waiting: group.reduce((sum, one) => sum + one.waiting.length, 0),
    working: clocked(group.map((one) => one.working)),
    wall: clocked(group.map((one) => one.wall)),
  };
}

function clocked(lengths: readonly Lengths[]): Clocked {
  const sorted = joined(lengths.map((one) => one.answered)).toSorted();
  const quick = countUpTo(sorted, FIVE_MINUTES);
  // Who waits, but not for five minutes yet, may still be answered within them.
  const late = lengths.reduce((sum, one) => sum + one.waiting.reduce((n, ms) => (ms > FIVE_MINUTES ? n + 1 : n), 0), 0);
  const decided = sorted.length + late;
  const at = (q: number): number | null => (sorted.length === 0 ? null : Math.round(quantile(sorted, q) / 1_000));
  return { median: at(0.5), p90: at(0.9), withinFive: decided === 0 ? null : quick / decided };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, one) => sum + one.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** How many of the rising numbers are no greater. */
function countUpTo(sorted: Float64Array, bound: number): number {
  const first = sorted.findIndex((one) => one > bound);
  return first === -1 ? sorted.length : first;
}
