import type { Calendar } from '../calendar/calendar.ts';
import { type Duration, lengthMs, parseDuration, plus } from '../calendar/duration.ts';
import { addOpenTime, always, type Hours, nextOpen } from '../calendar/hours.ts';
import type { Policy, SlaDocument } from './document.ts';
import type { Action, Clock, Rung } from './rungs.ts';

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
  if (unit === 's' || unit === 'm' || unit === 'h') return openTime(since, lengthMs(length), work);
  return orByTheWall(
    () => nextOpen(plus(since, length, work.zone, work), work.hours, work.zone, work.holidays),
    new Date(since.getTime() + lengthMs(length)),
  );
}

const openTime = (since: Date, ms: number, work: WorkTime): Date =>
  orByTheWall(() => addOpenTime(since, ms, work.hours, work.zone, work.holidays), new Date(since.getTime() + ms));

/** Hours and holidays that leave nobody at work: the clock is the wall's, so that the lead is looked after all the same. */
function orByTheWall(atWork: () => Date, byTheWall: Date): Date {
  try {
    return atWork();
  } catch (error) {
    if (error instanceof RangeError) return byTheWall;
    throw error;
  }
}

/** The rungs of one clock, in order. */
const rungsOf = <R extends Rung>(rungs: readonly R[], clock: Clock): R[] => rungs.filter((rung) => rung.clock === clock);

/** What is to be done on a rung in working hours; above the last one, a reminder. */
export function actionAt(policy: Policy, state: Watched, rung: number): Action {
  return rungsOf<Rung>(policy[state], 'business')[rung]?.do ?? (state === 'touched' ? 'nudge' : 'manager');
}

/**
 * How somebody stands on a ladder. Two clocks run: the rep's, in working hours (`rung` of these done, the next falls due at `due`), and the
 * customer's, by the wall (`wallRung` of these done, counted from `wallSince`).
 */
export interface OnLadder {
  state: Watched;
  /** When the state was entered: the offer, the acceptance, the latest talk, or the end of a snooze. */
  since: Date;
  rung: number;
  due: Date;
  wallRung: number;
  wallSince: Date;
}

/** When the first rung in working hours falls due. Where there is none, a reminder follows the last one by the wall clock. */
export function firstRung(policy: Policy, state: Watched, since: Date, work: WorkTime): Date {
  const [first] = rungsOf<Rung>(policy[state], 'business');
  if (first) return after(since, first.after, work);
  return after(wallDue(policy[state].at(-1)!, since, work), policy.again[state], work);
}

/** When the next rung by the wall clock falls due; null when none is left. */
export function nextWall(
  policy: Policy,
  { state, wallRung, wallSince }: Pick<OnLadder, 'state' | 'wallRung' | 'wallSince'>,
  work: WorkTime,
) {
  const rung = rungsOf<Rung>(policy[state], 'wall')[wallRung];
  return rung ? wallDue(rung, wallSince, work) : null;
}

const wallDue = ({ after: length }: Pick<Rung, 'after'>, since: Date, { zone }: WorkTime): Date => plus(since, length, zone);

/** When the first rung of either clock falls due, counted from the offer, the acceptance or the first talk. */
export function firstLook(policy: Policy, state: Watched, since: Date, work: WorkTime): Date {
  return startLadder(policy, state, since, work).nextLookAt;
}

/** A ladder at its foot: the first look, and when the first rung in working hours falls due where the look is at one by the wall clock. */
export interface Started {
  nextLookAt: Date;
  rungDueAt: Date | null;
}

/** A ladder that begins at `since`. */
export function startLadder(policy: Policy, state: Watched, since: Date, work: WorkTime): Started {
  return nextOf(firstRung(policy, state, since, work), nextWall(policy, { state, wallRung: 0, wallSince: since }, work));
}

/** The next look, of a rung in working hours and one by the wall clock. */
export function nextOf(rung: Date, wall: Date | null): Started {
  const nextLookAt = earlier(rung, wall);
  return { nextLookAt, rungDueAt: nextLookAt < rung ? rung : null };
}

/**
 * When the rung above `rung` falls due, in working hours. `since` is when the state was entered, `due` when `rung` itself fell due: the ladder
 * of an offer goes on from there, whenever it was really looked at, so that a late look does not make the customer wait longer. After a
 * reassignment `due` is the instant of the new offer: the next rep has the time between the two rungs, by their own clock.
 */
export function nextRung(policy: Policy, standing: Pick<OnLadder, 'state' | 'rung' | 'since' | 'due'>, work: WorkTime): Date {
  const { state, rung, since, due } = standing;
  const rungs = rungsOf<Rung>(policy[state], 'business');
  const here = rungs[rung];
  const above = rungs[rung + 1];
  if (!here || !above) return after(due, policy.again[state], work);
  if (state !== 'offered') return after(since, above.after, work);
  return openTime(due, lengthMs(above.after) - lengthMs(here.after), work);
}

/** How an opportunity stands on its ladder, of what is stored of it. */
export function ladderNow(
  policy: Policy,
  stored: {
    state: Watched;
    rung: number;
    wallRung: number;
    rungDueAt: Date | null;
    nextLookAt: Date | null;
    ladderSince: Date | null;
    offeredAt: Date | null;
    acceptedAt: Date | null;
    touchedAt: Date | null;
    now: Date;
  },
  work: WorkTime,
): OnLadder {
  const { state, rung, wallRung, rungDueAt, nextLookAt, ladderSince, now } = stored;
  const begun = { offered: stored.offeredAt, accepted: stored.acceptedAt, touched: stored.touchedAt }[state] ?? now;
  const since = state === 'offered' ? begun : (ladderSince ?? begun);
  // An offer says only when its first look is: that may be one by the wall clock.
  const unsaid = state === 'offered' && rung === 0 && rungsOf<Rung>(policy.offered, 'wall').length > 0;
  const due = rungDueAt ?? (unsaid ? firstRung(policy, state, since, work) : (nextLookAt ?? now));
  return { state, since, rung, due, wallRung, wallSince: ladderSince ?? begun };
}

/** When the rung at which an offer stands falls due for somebody who gets it only now: the time between it and the one below, by their own clock. */
export function rungAgain(policy: Policy, on: Pick<OnLadder, 'state' | 'rung' | 'since'>, now: Date, work: WorkTime): Date {
  return on.rung === 0 ? firstRung(policy, on.state, now, work) : nextRung(policy, { ...on, rung: on.rung - 1, due: now }, work);
}

/** The rung that falls due first: what it does, when, and by which clock. */
export function rungDue(policy: Policy, on: OnLadder, work: WorkTime): { action: Action; clock: Clock; due: Date } {
  const wall = nextWall(policy, on, work);
  if (wall && wall < on.due) return { action: rungsOf<Rung>(policy[on.state], 'wall')[on.wallRung]!.do, clock: 'wall', due: wall };
  return { action: actionAt(policy, on.state, on.rung), clock: 'business', due: on.due };
}

/** Whether nothing is left above but reminders: after the last rung in working hours. */
export const isLastRung = (policy: Policy, state: Watched, rung: number): boolean =>
  rung >= rungsOf<Rung>(policy[state], 'business').length - 1;

const earlier = (a: Date, b: Date | null): Date => (b && b < a ? b : a);
