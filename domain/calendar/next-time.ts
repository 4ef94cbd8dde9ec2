import { dateOf, instantAt, startOf, wallAt } from './zoned.ts';
import { type Weekday, weekdays } from './hours.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * The first instant from `at` on (included) at which the wall clock in the zone shows the time, `09:00`, on that weekday if one is named. A time that
 * the clock skips on a day means as much later; one that it shows twice means the first.
 */
export function nextTime(at: Date, time: string, zone: string, weekday?: Weekday): Date {
  const ofDay = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE;
  const today = Math.floor(wallAt(at.getTime(), zone) / DAY) * DAY;
  for (let day = today; ; day += DAY) {
    if (weekday && weekdays[(((day / DAY + 3) % 7) + 7) % 7] !== weekday) continue;
    const found = ofDay === 0 ? startOf(dateOf(day), zone) : instantAt(day + ofDay, zone);
    if (found >= at) return found;
  }
}

/**
 * The first instant from `at` on (included) at which the wall clock in the zone shows the time on that day of a month; a day that a month does
 * not have is its last.
 */
export function nextMonthly(at: Date, time: string, zone: string, day: number | 'last'): Date {
  const wall = new Date(wallAt(at.getTime(), zone));
  for (let month = wall.getUTCMonth(); ; month++) {
    const last = new Date(Date.UTC(wall.getUTCFullYear(), month + 1, 0));
    const date = new Date(last);
    if (day !== 'last') date.setUTCDate(Math.min(day, last.getUTCDate()));
    const found = nextTime(startOf(dateOf(date.getTime()), zone), time, zone);
    if (found >= at) return found;
  }
}
