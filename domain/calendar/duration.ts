import { z } from 'zod';
import { addBusinessDays, type Calendar } from './calendar.ts';
import { addDates } from './zoned.ts';

export const units = ['s', 'm', 'h', 'd', 'w', 'mo', 'bd'] as const;
export type Unit = (typeof units)[number];

/** A length of time as it is written: `15m`, `4h`, `2d`, `1w`, `1mo`, `2bd` (business days); `30s` too. It stays a string, so it is its own JSON. */
export type Duration = `${number}${Unit}`;

const durationPattern = /^(\d{1,6})(s|m|h|d|w|mo|bd)$/;
const offsetPattern = /^-?(\d{1,6})(s|m|h|d|w|mo|bd)$/;
const reason = 'is not a duration such as 15m, 4h, 2d, 1w, 1mo or 2bd';

/** A hundred years: beyond that instants stop fitting everywhere, and nobody waits for them. */
const LONGEST_DAYS = 36_525;
const tooLong = 'is longer than a hundred years';

/** Whether a duration or an offset stays within what every part can count with. What is neither does. */
export const isCountable = (written: string): boolean =>
  !offsetPattern.test(written) || Math.abs(lengthMs(written as Duration)) <= LONGEST_DAYS * DAY;

/** What is none is refused at once: whatever else is asked of a duration may count with it. */
const written = (pattern: RegExp) =>
  z.string().regex(pattern, { error: reason, abort: true }).refine(isCountable, { error: tooLong, abort: true }) as unknown as z.ZodType<
    Duration,
    Duration
  >;

/** A duration, never negative. */
export const duration = written(durationPattern);

/** How long something waits before it is done again: less than a minute would be again and again at once. */
export const pause = duration.refine((length) => lengthMs(length) >= 60_000, 'is shorter than a minute');

/** A duration that may go back: `-1h` is an hour before. */
export const offset = written(offsetPattern);

/** `2d` → `{ n: 2, unit: 'd' }`; `-1h` → `{ n: -1, unit: 'h' }`. Throws RangeError on anything else. */
export function parseDuration(written: string): { n: number; unit: Unit } {
  const found = /^(-?\d{1,6})(s|m|h|d|w|mo|bd)$/.exec(written);
  if (!found) throw new RangeError(`'${written}' ${reason}`);
  return { n: Number(found[1]), unit: found[2] as Unit };
}

const fixed = { s: 1_000, m: 60_000, h: 3_600_000 };
const DAY = 24 * fixed.h;

/**
 * The instant a duration after `at`. Days, weeks and months are calendar days in the zone, so `1d` keeps the wall time
 * over a change to summer time; business days are those of the calendar.
 */
export function plus(at: Date, by: Duration, zone = 'UTC', calendar?: Calendar): Date {
  const { n, unit } = parseDuration(by);
  switch (unit) {
    case 'd':
      return addDates(at, { days: n }, zone);
    case 'w':
      return addDates(at, { days: 7 * n }, zone);
    case 'mo':
      return addDates(at, { months: n }, zone);
    case 'bd':
      return addBusinessDays(at, n, zone, calendar);
    default:
      return new Date(at.getTime() + n * fixed[unit]);
  }
}

/** The instant a duration before `at`. */
export function minus(at: Date, by: Duration, zone = 'UTC', calendar?: Calendar): Date {
  const { n, unit } = parseDuration(by);
  return plus(at, `${-n}${unit}`, zone, calendar);
}

/** The length in milliseconds, a day being 24 hours, a month 30 days and a business day one day: for half-lives, rates and windows, never for calendars. */
export function lengthMs(of: Duration): number {
  const { n, unit } = parseDuration(of);
  return n * { ...fixed, d: DAY, w: 7 * DAY, mo: 30 * DAY, bd: DAY }[unit];
}

const names: Record<Unit, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week', mo: 'month', bd: 'business day' };

/** In words: `2d` → `2 days`. */
export function words(of: Duration): string {
  const { n, unit } = parseDuration(of);
  return `${n} ${names[unit]}${Math.abs(n) === 1 ? '' : 's'}`;
}
