import { z } from 'zod';
import { daysOf, hours, type Hours, weekdays } from './hours.ts';
import { dateOf, instantAt, wallAt, zone } from './zoned.ts';

const holiday = z.union([z.iso.date(), z.object({ date: z.iso.date(), name: z.string() }).transform((day) => day.date)]);

/** The workspace's calendar document: its working hours, its zone, and the days on which nobody works. */
export const calendarDocument = z.object({
  timezone: zone.optional(),
  hours: hours.default({ days: 'mon-fri', from: '09:00', to: '17:00' }),
  holidays: z.array(holiday).default([]),
});

/** Working hours and holidays (local dates) to count by. */
export interface Calendar {
  hours: Hours;
  holidays: readonly string[];
}

/** Monday to Friday, nine to five, no holidays. */
export const plainCalendar: Calendar = { hours: { days: 'mon-fri', from: '09:00', to: '17:00' }, holidays: [] };

const DAY = 86_400_000;
const MOST_DAYS = 4_000;

/** The same wall time `n` business days later, or earlier when `n` is negative. From a day off, the next business day is the first. */
export function addBusinessDays(at: Date, n: number, zone: string, calendar: Calendar = plainCalendar): Date {
  const blocks = Array.isArray(calendar.hours) ? calendar.hours : [calendar.hours];
  const working = new Set(blocks.flatMap((block) => daysOf(block.days)));
  const off = new Set(calendar.holidays);
  let wall = wallAt(at.getTime(), zone);
  let left = Math.abs(n);
  for (let day = 0; left > 0; day++) {
    if (day > MOST_DAYS) throw new RangeError('this calendar has no business days');
    wall += n < 0 ? -DAY : DAY;
    const weekday = weekdays[(new Date(wall).getUTCDay() + 6) % 7]!;
    if (working.has(weekday) && !off.has(dateOf(wall))) left--;
  }
  return n === 0 ? at : instantAt(wall, zone);
}
