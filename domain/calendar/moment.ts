import { z } from 'zod';
import { addDates, instantAt, startOf } from './zoned.ts';

const date = z.iso.date();
const local = z.iso.datetime({ local: true });
const exact = z.iso.datetime({ offset: true });

/** A moment as it is written: a date, a local time (`2026-12-01T09:00`), or an instant with its offset (`2026-12-01T09:00:00Z`). */
export const moment = z.string().refine((given) => [date, local, exact].some((one) => one.safeParse(given).success), {
  error: 'is not a moment such as 2026-12-01, 2026-12-01T09:00 or 2026-12-01T09:00:00Z',
});

/** When it begins: a date with its first instant in the zone; what names no offset is local time there. */
export function beginOf(written: string, zone: string): Date {
  if (date.safeParse(written).success) return startOf(written, zone);
  if (exact.safeParse(written).success && !local.safeParse(written).success) return new Date(written);
  return written.endsWith('Z') ? new Date(written) : instantAt(Date.parse(`${written}Z`), zone);
}

/** When it is over: a date with the first instant of the next day; any other moment is over as it comes. */
export function endOf(written: string, zone: string): Date {
  return date.safeParse(written).success ? addDates(startOf(written, zone), { days: 1 }, zone) : beginOf(written, zone);
}
