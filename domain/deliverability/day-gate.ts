import { instantAt } from '../calendar/zoned.ts';
import type { WarmUp } from './document.ts';
import { budgetOn, dayAfter } from './warm-up.ts';

/** How a day of a domain stands: mails that have gone, and places promised to mails that wait for the day. */
export interface DayUse {
  used: number;
  promised: number;
  /** The highest priority among those promised; null where there is none. */
  priority: number | null;
}

/** What a mail asks of a domain's warm-up. */
export interface AsksDay {
  priority: number;
  /** Counted and let go whatever the budget says: somebody waits for it. */
  always: boolean;
  /** The day it holds a place on, and whether it has gone on it (and came back). */
  place: { day: string; gone: boolean } | null;
}

const HOUR_MS = 3_600_000;
/** Promised mails come due evenly over the working day: a burst at midnight is what a new domain must not do. */
const OPENS = 8 * HOUR_MS;
const OPEN_FOR = 10 * HOUR_MS;

/**
 * A warming domain: no day lets more go than its budget. Whoever does not fit is promised a place on the first day that has one left, so that
 * those who have waited longest go first; a mail of a higher priority than all who wait needs not stand behind them.
 */
export function dayGate(warmUp: WarmUp, today: string, days: Map<string, DayUse>, zone: string) {
  const of = (day: string): DayUse => {
    const found = days.get(day) ?? { used: 0, promised: 0, priority: null };
    days.set(day, found);
    return found;
  };
  const stands = (one: AsksDay): boolean => one.place !== null && !one.place.gone;
  const first = (one: AsksDay): boolean => stands(one) || one.priority > (of(today).priority ?? one.priority);

  function promise(day: string, priority: number, ahead: boolean): Date {
    const use = of(day);
    const budget = budgetOn(warmUp, day) ?? use.promised + 1;
    const at = ahead ? OPENS : OPENS + (OPEN_FOR * Math.min(use.promised, budget)) / budget;
    use.promised++;
    use.priority = Math.max(use.priority ?? priority, priority);
    return instantAt(Date.parse(`${day}T00:00:00Z`) + Math.floor(at), zone);
  }

  return {
    today,
    /** Whether it may go today. A mail that has been counted today already is not counted twice. */
    lets(one: AsksDay): boolean {
      const budget = budgetOn(warmUp, today);
      if (budget === null || one.always || counted(one, today)) return true;
      const { used, promised } = of(today);
      return used + (first(one) ? 0 : promised) < budget;
    },
    /** It goes: gives up the place it held, and is counted today. */
    charge(one: AsksDay): void {
      if (counted(one, today)) return;
      this.leave(one);
      of(today).used++;
    },
    /** It gives up the place it held. */
    leave({ place }: AsksDay): void {
      if (place && !place.gone) of(place.day).promised = Math.max(0, of(place.day).promised - 1);
    },
    /** It may go today, but something else holds it: a place is kept for it. Answers the place. */
    keep(one: AsksDay): { day: string; gone: boolean } {
      if (counted(one, today)) return { day: today, gone: true };
      this.leave(one);
      const use = of(today);
      use.promised++;
      use.priority = Math.max(use.priority ?? one.priority, one.priority);
      return { day: today, gone: false };
    },
    /** It has to wait: a place on a day to come, and when on it. Who waited already is among the first of the next day. */
    putOff(one: AsksDay): { day: string; dueAt: Date } {
      const ahead = first(one);
      this.leave(one);
      let day = dayAfter(today);
      if (!ahead)
        for (let budget = budgetOn(warmUp, day); budget !== null && of(day).promised >= budget; budget = budgetOn(warmUp, day))
          day = dayAfter(day);
      return { day, dueAt: promise(day, one.priority, ahead) };
    },
    /** How the days stand that were looked at. */
    uses: (): (DayUse & { day: string })[] => [...days].map(([day, use]) => ({ day, ...use })),
  };
}
export type DayGate = ReturnType<typeof dayGate>;

const counted = ({ place }: AsksDay, today: string): boolean => place !== null && place.gone && place.day === today;
