import type { Calendar } from '../calendar/calendar.ts';
import { type Duration, lengthMs, parseDuration, plus } from '../calendar/duration.ts';
import { addOpenTime, always, type Hours, nextOpen } from '../calendar/hours.ts';
import type { Action, Policy, SlaDocument } from './document.ts';

/** When somebody works: hours in a zone, less the days off. */
export interface WorkTime {
  hours: Hours;
  zone: string;
  holidays: readonly string[];
}

/** The states in which somebody's clock is running. */
export type Watched = 'offered' | 'accepted' | 'touched';

/** The hours a rep's clock runs in, by the SLA document, their own hours and the workspace's calendar. */
export function workTime(document: SlaDocument, rep: { hours: Hours | null; timezone: string }, calendar: Calendar): WorkTime {
  if (document.hours === 'always') return { hours: always, zone: rep.timezone, holidays: [] };
  const given = document.hours === 'rep' ? (rep.hours ?? calendar.hours) : document.hours;
  return { hours: given, zone: rep.timezone, holidays: calendar.holidays };
}

/** Seconds, minutes and hours pass in working time; days and longer are calendar or business days, then the next opening. */
export function after(since: Date, length: Duration, work: WorkTime): Date {
  const { unit } = parseDuration(length);
  if (unit === 's' || unit === 'm' || unit === 'h') return addOpenTime(since, lengthMs(length), work.hours, work.zone, work.holidays);
  return nextOpen(plus(since, length, work.zone, work), work.hours, work.zone, work.holidays);
}

/** What is to be done on a rung; above the last one, a reminder. */
export function actionAt(policy: Policy, state: Watched, rung: number): Action {
  return policy[state][rung]?.do ?? (state === 'touched' ? 'nudge' : 'manager');
}

/** When the first rung falls due, counted from the offer, the acceptance or the first talk. */
export function firstLook(policy: Policy, state: Watched, since: Date, work: WorkTime): Date {
  return after(since, policy[state][0]!.after, work);
}

/**
 * When the rung above `rung` falls due. `since` is when the state was entered, `due` when `rung` itself fell due: the ladder of an
 * offer goes on from there, whenever it was really looked at, so that a late look does not make the customer wait longer. After a
 * reassignment `due` is the instant of the new offer: the next rep has the time between the two rungs, by their own clock.
 */
export function nextLook(policy: Policy, standing: { state: Watched; rung: number; since: Date; due: Date }, work: WorkTime): Date {
  const { state, rung, since, due } = standing;
  const here = policy[state][rung];
  const above = policy[state][rung + 1];
  if (!here || !above) return after(due, policy.again[state], work);
  if (state !== 'offered') return after(since, above.after, work);
  return addOpenTime(due, lengthMs(above.after) - lengthMs(here.after), work.hours, work.zone, work.holidays);
}
