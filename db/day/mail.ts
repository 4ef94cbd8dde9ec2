import { nextOpen } from '../../domain/calendar/hours.ts';
import { addDates, dateAt, startOf } from '../../domain/calendar/zoned.ts';
import { boundsOfDay } from '../../domain/tasks/day.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { WorkTime } from '../../domain/sla/ladder.ts';
import { readClock } from '../clock.ts';
import type { Queryable } from '../pool.ts';
import { findRep, present, type Rep } from '../reps.ts';
import { loadSla } from '../sla.ts';
import { type Day, isEmpty, readDays } from './read.ts';

/** How many of each kind the mail lists. */
const LISTED = 10;
/** Reps in one look; the next comes in seconds. */
const BATCH = 500;

/** When they open next, on this date or a later one. */
const openingFrom = (date: string, { hours, zone, holidays }: WorkTime): Date => nextOpen(startOf(date, zone), hours, zone, holidays);

/** When the list of the next working day is due: today’s, where they have not opened yet. */
function nextMorning(now: Date, work: WorkTime): Date {
  const today = openingFrom(dateAt(now, work.zone), work);
  return today > now ? today : openingFrom(dateAt(addDates(now, { days: 1 }, work.zone), work.zone), work);
}

/** Whether a rep wants the morning’s list by mail. Throws `not_found`, `conflict` for somebody who has left. */
export async function wantDayMail(tx: Queryable, key: string, wanted: boolean): Promise<void> {
  const rep = await findRep(tx, key);
  if (!rep) throw new TendrilError('not_found', `There is no rep '${key}'`);
  if (wanted && !rep.active) throw new TendrilError('conflict', `${rep.name} is not active`);
  const at = wanted ? nextMorning((await readClock(tx)).now, (await loadSla(tx)).work(rep)) : null;
  await tx.query('update rep set day_look_at = $2 where id = $1 and (day_look_at is null or $2::timestamptz is null)', [rep.id, at]);
}

export interface Morning {
  rep: Pick<Rep, 'id' | 'name' | 'timezone'> & { linkEpoch: number };
  date: string;
  day: Day;
}

/**
 * Whose morning it is now, with what their day holds, and when the next one is: written with it. Who is away, and whose day is empty, gets nothing.
 * The caller queues the mails.
 */
export async function mornings(tx: Queryable): Promise<Morning[]> {
  const { rows } = await tx.query<Rep & { linkEpoch: number; present: boolean }>(
    `select r.id, r.name, r.timezone, r.hours, r.link_epoch as "linkEpoch", (${present}) as present from rep r
      where r.day_look_at <= clock() order by r.id limit $1 for no key update skip locked`,
    [BATCH],
  );
  if (rows.length === 0) return [];
  const [{ now }, sla] = [await readClock(tx), await loadSla(tx)];
  await tx.query('update rep r set day_look_at = n.at from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) where r.id = n.id', [
    rows.map(({ id }) => id),
    rows.map((rep) => nextMorning(now, sla.work(rep))),
  ]);
  const there = rows.filter((rep) => rep.present);
  const asked = there.map(({ id, timezone }) => ({ repId: id, bounds: boundsOfDay(now, timezone) }));
  const days = await readDays(tx, asked, LISTED);
  return there.flatMap((rep, n) => (isEmpty(days[n]!) ? [] : [{ rep, date: asked[n]!.bounds.date, day: days[n]! }]));
}
