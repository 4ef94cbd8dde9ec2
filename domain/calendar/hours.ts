import { z } from 'zod';
import { dateOf, stretchAt } from './zoned.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** No opening in this many days means there is none: hours and holidays leave nothing. */
const HORIZON_DAYS = 800;

/** One day, `tue`. */
export const weekday = z.enum(weekdays);
/** A day, or days: `mon-fri`. */
export const span = z
  .string()
  .regex(/^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$/, 'is not a day such as mon, or days such as mon-fri');
/** `09:00`; `24:00` ends a day. */
export const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is not a time such as 09:00');

const block = z
  .object({ days: z.union([span, z.array(weekday).min(1)]), from: clockTime, to: clockTime })
  .refine((hours) => hours.from !== hours.to && hours.from !== '24:00', {
    error: 'from and to must differ; a whole day is 00:00 to 24:00',
    path: ['to'],
  });

/**
 * Opening hours: `{ days: mon-fri, from: '09:00', to: '17:00' }`, or several such blocks. Where `to` is earlier than `from` the
 * block ends on the next day. `to` itself is closed.
 */
export const hours = z.union([block, z.array(block).min(1)]);
export type Hours = z.infer<typeof hours>;
export type HoursBlock = z.infer<typeof block>;

/** Every hour of every day. */
export const always: Hours = { days: 'mon-sun', from: '00:00', to: '24:00' };

/** The weekdays a block names, in its own order; `fri-mon` goes over the weekend. */
export function daysOf(days: HoursBlock['days']): Weekday[] {
  if (typeof days !== 'string') return days;
  const [first, last = first] = days.split('-') as Weekday[];
  const from = weekdays.indexOf(first!);
  const count = ((weekdays.indexOf(last!) - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, i) => weekdays[(from + i) % 7]!);
}

/** A time in which it is open, epoch ms; `to` itself is closed. */
export interface Opening {
  from: number;
  to: number;
}

/** Each weekday's openings (0 = Monday), in ms after its midnight, sorted; an end may lie beyond 24 h. */
function byWeekday(given: Hours): Opening[][] {
  const week: Opening[][] = weekdays.map(() => []);
  for (const one of Array.isArray(given) ? given : [given]) {
    const from = minutes(one.from) * MINUTE;
    const to = minutes(one.to) * MINUTE;
    for (const day of daysOf(one.days)) week[weekdays.indexOf(day)]!.push({ from, to: to > from ? to : to + DAY });
  }
  for (const day of week) day.sort((a, b) => a.from - b.from);
  return week;
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/**
 * The open intervals from an instant on, in order and never overlapping. It is open when the wall clock stands within a block of
 * a date that is no holiday; so within a stretch of constant offset it is arithmetic, and summer time needs no special case.
 */
function* openings(at: number, given: Hours, zone: string, holidays: readonly string[]): Generator<Opening> {
  const week = byWeekday(given);
  const closed = new Set(holidays);
  let cursor = at;
  let quiet = 0;
  for (;;) {
    const stretch = stretchAt(cursor, zone);
    // From the day before: its last block may reach over midnight.
    for (let day = Math.floor((cursor + stretch.offset) / DAY) - 1; day * DAY - stretch.offset < stretch.until; day++) {
      if (++quiet > HORIZON_DAYS) throw new RangeError('these hours and holidays leave no time open');
      if (closed.has(dateOf(day * DAY))) continue;
      for (const opening of week[(((day + 3) % 7) + 7) % 7]!) {
        const from = Math.max(day * DAY + opening.from - stretch.offset, cursor);
        const to = Math.min(day * DAY + opening.to - stretch.offset, stretch.until);
        if (from >= to) continue;
        yield { from, to };
        cursor = to;
        quiet = 0;
      }
    }
    cursor = stretch.until;
  }
}

/** `at` itself when it is open, else the next instant at which it opens. Holidays are local dates, `2026-12-25`. */
export function nextOpen(at: Date, given: Hours, zone: string, holidays: readonly string[] = []): Date {
  const first = openings(at.getTime(), given, zone, holidays).next().value as Opening;
  return new Date(first.from);
}

/** Whether it is open at this instant. */
export function isOpen(at: Date, given: Hours, zone: string, holidays: readonly string[] = []): boolean {
  return nextOpen(at, given, zone, holidays).getTime() === at.getTime();
}

/** The first instant by which `ms` of open time have passed since `at`; `at` itself when `ms` is 0. */
export function addOpenTime(at: Date, ms: number, given: Hours, zone: string, holidays: readonly string[] = []): Date {
  if (ms <= 0) return at;
  let left = ms;
  for (const opening of openings(at.getTime(), given, zone, holidays)) {
    const length = opening.to - opening.from;
    if (left <= length) return new Date(opening.from + left);
    left -= length;
  }
  throw new RangeError('unreachable: openings never end');
}

/** The openings between two instants, in order, cut to them; none where the second is not later. */
export function openingsBetween(from: Date, to: Date, given: Hours, zone: string, holidays: readonly string[] = []): Opening[] {
  const found: Opening[] = [];
  const end = to.getTime();
  if (end <= from.getTime()) return found;
  for (const opening of openings(from.getTime(), given, zone, holidays)) {
    if (opening.from >= end) break;
    found.push({ from: opening.from, to: Math.min(opening.to, end) });
  }
  return found;
}
