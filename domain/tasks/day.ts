import { addDates, dateAt, startOf } from '../calendar/zoned.ts';

/** How many days ahead a day's list looks. */
const AHEAD_DAYS = 7;

/** A day of somebody's, in their own zone. */
export interface DayBounds {
  /** `2026-11-23`. */
  date: string;
  from: Date;
  to: Date;
  /** The end of the days that come after it. */
  soon: Date;
  /** Whether it is now, and when that is. */
  today: boolean;
  now: Date;
}

/** The bounds of a local date; without one, of today. */
export function boundsOfDay(now: Date, zone: string, date: string | null = null): DayBounds {
  const today = dateAt(now, zone);
  const from = startOf(date ?? today, zone);
  const to = addDates(from, { days: 1 }, zone);
  return { date: date ?? today, from, to, soon: addDates(to, { days: AHEAD_DAYS }, zone), today: (date ?? today) === today, now };
}
