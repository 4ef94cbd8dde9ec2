import { type Calendar, holidaysIn, type Pause } from './calendar.ts';
import { always, type Hours, nextOpen } from './hours.ts';
import { dateAt } from './zoned.ts';

/** What keeps a mail back for now: its window is shut, a public holiday where the lead lives, or days on which the firm sends no marketing. */
export type Shut = { by: 'window' } | { by: 'holiday'; date: string } | { by: 'pause'; date: string; reason?: string };

export interface Leaving {
  at: Date;
  /** Why not now; null when it is now. */
  shut: Shut | null;
}

/** Where and under which rules a mail leaves. */
export interface Rules {
  /** The campaign's hours; null: at any hour, public holidays included. */
  window: Hours | null;
  zone: string;
  country: string | null;
  calendar: Calendar;
}

const DAY = 86_400_000;
const NONE: readonly Pause[] = [];

/** When marketing may next leave: now, or when the window opens on a day that is no holiday and in no pause. */
export function nextLeaving(now: Date, { window, zone, country, calendar }: Rules): Leaving {
  const paused = pausedDays(calendar.pauses ?? NONE);
  if (!window && paused.size === 0) return { at: now, shut: null };
  const hours = window ?? always;
  const holidays = window ? holidaysIn(calendar, country) : [];
  const at = nextOpen(now, hours, zone, paused.size > 0 ? [...holidays, ...paused.keys()] : holidays);
  if (at.getTime() === now.getTime()) return { at, shut: null };
  const plain = nextOpen(now, hours, zone);
  const date = dateAt(plain, zone);
  const pause = paused.get(date);
  if (pause) return { at, shut: { by: 'pause', date, ...(pause.reason ? { reason: pause.reason } : {}) } };
  return { at, shut: holidays.includes(date) ? { by: 'holiday', date } : { by: 'window' } };
}

const known = new WeakMap<readonly Pause[], ReadonlyMap<string, Pause>>();

/** Each local date of the pauses, with the pause it belongs to. */
function pausedDays(pauses: readonly Pause[]): ReadonlyMap<string, Pause> {
  const found = known.get(pauses);
  if (found) return found;
  const days = new Map<string, Pause>();
  for (const pause of pauses)
    for (let day = Date.parse(pause.from); day <= Date.parse(pause.to); day += DAY)
      days.set(new Date(day).toISOString().slice(0, 10), pause);
  known.set(pauses, days);
  return days;
}
