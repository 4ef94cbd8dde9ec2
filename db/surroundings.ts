import { type Calendar, calendarDocument, calendarOf } from '../domain/calendar/calendar.ts';
import { type Duration, lengthMs, minus } from '../domain/calendar/duration.ts';
import { currentDocument } from './documents.ts';
import type { Queryable } from './pool.ts';

/** What a whole batch shares. */
export interface Surroundings {
  now: Date;
  zone: string;
  calendar: Calendar;
}

/** Workspace time, zone and business days. */
export async function loadSurroundings(tx: Queryable): Promise<Surroundings> {
  const { rows } = await tx.query<{ now: Date; zone: string; country: string }>(
    'select clock() as now, timezone as zone, country from workspace',
  );
  const stored = await currentDocument(tx, 'calendar');
  const { now, zone, country } = rows[0]!;
  return { now, zone, calendar: calendarOf(calendarDocument.parse(stored?.body ?? {}), country) };
}

/** The instant so long ago from which a condition counts: `7d` is 168 hours, business days are the workspace's. */
export function sinceWhen(since: string, { now, zone, calendar }: Surroundings): Date {
  return since.endsWith('bd') ? minus(now, since as Duration, zone, calendar) : new Date(now.getTime() - lengthMs(since as Duration));
}
