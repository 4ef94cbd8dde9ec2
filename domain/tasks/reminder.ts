import type { Calendar } from '../calendar/calendar.ts';
import { type Duration, minus } from '../calendar/duration.ts';

/** When the owner is reminded before it is due; null where nobody wants that, or the time for it has passed. */
export function reminderAt(dueAt: Date, before: Duration | null, now: Date, zone: string, calendar: Calendar): Date | null {
  if (before === null) return null;
  const at = minus(dueAt, before, zone, calendar);
  return at > now ? at : null;
}
