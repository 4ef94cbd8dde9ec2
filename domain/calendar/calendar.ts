import { z } from 'zod';
import { daysOf, hours, type Hours, weekdays } from './hours.ts';
import { dateOf, instantAt, wallAt, zone } from './zoned.ts';

const holiday = z.union([z.iso.date(), z.object({ date: z.iso.date(), name: z.string() }).transform((day) => day.date)]);
const country = z.string().regex(/^([A-Z]{2}|all)$/, "is not a country such as DE, or 'all'");

const pause = z
  .object({
    from: z.iso.date().describe('the first day'),
    to: z.iso.date().describe('the last day, included'),
    reason: z.string().optional().describe('kept in the journal: trade fair, inventory'),
  })
  .refine(({ from, to }) => from <= to, { error: 'ends before it begins', path: ['to'] });

/**
 * The workspace's calendar document: its working hours, its zone, the days on which nobody works, and the days on which no marketing leaves.
 * `holidays` is a list of dates for everybody, or dates by country (`{ DE: [2026-10-03], all: [2026-12-25] }`): then a lead's mail heeds those
 * of its own country, and business days those of the workspace's.
 */
export const calendarDocument = z.object({
  timezone: zone.optional(),
  hours: hours.default({ days: 'mon-fri', from: '09:00', to: '17:00' }),
  holidays: z.union([z.array(holiday), z.record(country, z.array(holiday))]).default([]),
  pauses: z.array(pause).default([]),
});
export type CalendarDocument = z.infer<typeof calendarDocument>;

/** Days, both ends included, on which no marketing leaves. */
export interface Pause {
  from: string;
  to: string;
  reason?: string | undefined;
}

/** Working hours and holidays (local dates) to count by. */
export interface Calendar {
  hours: Hours;
  /** Those of the workspace: business days and its people's hours are counted by them. */
  holidays: readonly string[];
  /** Public holidays by country, everybody's under `all`; without it the workspace's are everybody's. */
  countries?: Readonly<Record<string, readonly string[]>>;
  pauses?: readonly Pause[];
}

/** The calendar of a workspace in this country. */
export function calendarOf({ hours, holidays, pauses }: CalendarDocument, country: string): Calendar {
  if (Array.isArray(holidays)) return { hours, holidays, pauses };
  return { hours, holidays: daysOff(holidays, country), countries: holidays, pauses };
}

/** The public holidays of somebody who lives in a country; the workspace's where it is not known. */
export function holidaysIn({ holidays, countries }: Calendar, country: string | null): readonly string[] {
  return countries && country ? daysOff(countries, country) : holidays;
}

const daysOff = (countries: NonNullable<Calendar['countries']>, country: string): readonly string[] => [
  ...(countries['all'] ?? []),
  ...(countries[country] ?? []),
];

/** Monday to Friday, nine to five, no holidays. */
export const plainCalendar: Calendar = { hours: { days: 'mon-fri', from: '09:00', to: '17:00' }, holidays: [] };

const DAY = 86_400_000;
/** Days in a row without a business day, after which none is to be hoped for. */
const MOST_OFF = 4_000;

/** The same wall time `n` business days later, or earlier when `n` is negative. From a day off, the next business day is the first. */
export function addBusinessDays(at: Date, n: number, zone: string, calendar: Calendar = plainCalendar): Date {
  const blocks = Array.isArray(calendar.hours) ? calendar.hours : [calendar.hours];
  const working = new Set(blocks.flatMap((block) => daysOf(block.days)));
  const off = new Set(calendar.holidays);
  let wall = wallAt(at.getTime(), zone);
  let left = Math.abs(n);
  for (let idle = 0; left > 0; idle++) {
    if (idle > MOST_OFF) throw new RangeError('this calendar has no business days');
    wall += n < 0 ? -DAY : DAY;
    const weekday = weekdays[(new Date(wall).getUTCDay() + 6) % 7]!;
    if (!working.has(weekday) || off.has(dateOf(wall))) continue;
    left--;
    idle = 0;
  }
  return n === 0 ? at : instantAt(wall, zone);
}
