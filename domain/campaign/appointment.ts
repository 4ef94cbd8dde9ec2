import type { Calendar } from '../calendar/calendar.ts';
import { plus } from '../calendar/duration.ts';
import { parseWhere, passes } from '../conditions/test.ts';
import { resolveDate } from './dates.ts';
import type { DateEntry } from './entries/date.ts';
import { choosePeople, type Colleague } from './people.ts';

/** A thing whose date opens a door: where it is, what it is, and whom it concerns. */
export interface DatedThing {
  id: string;
  /** IANA: where its days begin. */
  zone: string;
  /** What `where` compares. */
  facts: Record<string, unknown>;
  /** What its people bring along, for `$entry`: `{ contract: C-1001 }`. */
  brings: Record<string, unknown>;
  accountId: string | null;
  leadId: string | null;
  /** Guests by lead, where it is an occasion. */
  guests: { leadId: string; state: string }[];
}

/** The moment at which a date lets people in; null where it is no date. Throws where a calendar has no business days. */
export function momentOf({ offset }: DateEntry, date: string, { zone }: DatedThing, calendar: Calendar): Date | null {
  const day = resolveDate(date, { lead: {}, account: null, zone, calendar }, { entry: {} });
  return day && offset ? plus(day, offset, zone, calendar) : day;
}

/** Whom a thing's date concerns, with what they bring along: the lead itself, the guests of an occasion, who of the company is meant; or why nobody. */
export function concernedBy(
  { where, people: who, guests = ['invited', 'registered'] }: DateEntry,
  date: string,
  thing: DatedThing,
  people: ReadonlyMap<string, readonly Colleague[]>,
): { leadId: string; properties: Record<string, unknown> }[] | { nobody: string } {
  const wrong = Object.entries(parseWhere(where)).find(([name, wanted]) => !passes(thing.facts[name], wanted));
  if (wrong) return { nobody: `its ${wrong[0]} was another` };
  const colleagues = thing.accountId ? (people.get(thing.accountId) ?? []) : [];
  const chosen =
    thing.leadId && !who
      ? [thing]
      : thing.guests.length > 0
        ? thing.guests.filter(({ state }) => (guests as string[]).includes(state))
        : choosePeople(colleagues, who ?? {});
  if (chosen.length === 0) return { nobody: who?.roles ? `nobody is known who is ${who.roles.join(' or ')}` : 'nobody is known' };
  return chosen.map(({ leadId }) => ({ leadId: leadId!, properties: { ...thing.brings, date } }));
}
