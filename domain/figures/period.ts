import { addDates, dateAt, startOf } from '../calendar/zoned.ts';
import { TendrilError } from '../errors.ts';

/** A stretch of business time: `from` included, `to` not. */
export interface Period {
  from: Date;
  to: Date;
}

const USUAL_DAYS = 30;
const MOST_DAYS = 366;
const DAY = 86_400_000;

/**
 * The period from one local date to another, both included; without `to` until today, without `from` thirty days. Throws `invalid` where it ends before it begins, or is
 * longer than a year.
 */
export function periodOf(given: { from?: string | undefined; to?: string | undefined }, now: Date, zone: string): Period {
  const last = given.to ?? dateAt(now, zone);
  const to = addDates(startOf(last, zone), { days: 1 }, zone);
  const from = given.from === undefined ? addDates(to, { days: -USUAL_DAYS }, zone) : startOf(given.from, zone);
  if (from >= to) {
    const mend = given.to === undefined ? 'give a day that has come' : 'give them the other way round';
    throw new TendrilError('invalid', 'The period ends before it begins', [{ path: 'from', reason: `is after ${last}`, mend }]);
  }
  if (to.getTime() - from.getTime() > (MOST_DAYS + 0.5) * DAY) {
    const mend = `ask for ${MOST_DAYS} days at most`;
    throw new TendrilError('invalid', 'The period is longer than a year', [{ path: 'from', reason: 'is too early', mend }]);
  }
  return { from, to };
}

/** The month `2026-11`, by the calendar of a zone. */
export function monthOf(month: string, zone: string): Period {
  const from = startOf(`${month}-01`, zone);
  return { from, to: addDates(from, { months: 1 }, zone) };
}
