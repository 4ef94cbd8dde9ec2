import { concernedBy, type DatedThing, momentOf } from '../domain/campaign/appointment.ts';
import { type Door, doorsOf } from '../domain/campaign/doors.ts';
import type { DateEntry } from '../domain/campaign/entries/date.ts';
import type { EntryDocument } from '../domain/campaign/entries/kind.ts';
import { nextOccurrence, type ScheduleEntry } from '../domain/campaign/entries/schedule.ts';
import { datedThings } from './dated-things.ts';
import { datesOf } from './doors.ts';
import type { Prospect } from './entry-facts.ts';
import { peopleOfAccounts } from './people.ts';
import type { Queryable } from './pool.ts';
import { leadsWhere, segmentPredicate } from './segment-leads.ts';
import type { Surroundings } from './surroundings.ts';

/** Whom one entry brings in time to come: `eventAt` is when. */
export interface Coming {
  prospects: Prospect[];
  /** How many dates or people were looked at, and whether that is all of them. */
  lookedAt: number;
  complete: boolean;
  note: string | null;
}

/** Dates looked at for one entry. */
const MOST = 20_000;

/** Whom the entries that open by the clock bring from now until then, as dates, guests and segments stand now; by position. Nothing is written. */
export async function comingBy(
  tx: Queryable,
  entries: readonly EntryDocument[],
  campaignId: string | null,
  until: Date,
  around: Surroundings,
): Promise<Map<number, Coming>> {
  const coming = new Map<number, Coming>();
  for (const door of doorsOf(entries)) {
    const entry = entries[door.position]!;
    coming.set(
      door.position,
      door.subject === 'schedule'
        ? await bySchedule(tx, entry as unknown as ScheduleEntry, door.position, until, around)
        : await byDates(tx, entry as unknown as DateEntry, { ...door, subject: door.subject }, campaignId, until, around),
    );
  }
  return coming;
}

async function bySchedule(tx: Queryable, entry: ScheduleEntry, position: number, until: Date, around: Surroundings): Promise<Coming> {
  const nobody = (note: string): Coming => ({ prospects: [], lookedAt: 0, complete: true, note });
  const at = nextOccurrence(entry.schedule, around.now, entry.timezone ?? around.zone);
  if (at === null) return nobody('its time is past');
  if (at > until) return nobody(`next on ${at.toISOString().slice(0, 10)}`);
  const wanted = await segmentPredicate(tx, entry.segment, around);
  if ('fault' in wanted) return nobody(wanted.fault);
  const properties = { occurrence: at.toISOString() };
  const prospects = (await leadsWhere(tx, wanted)).map((leadId) => ({ leadId, eventId: null, eventAt: at, position, properties }));
  return { prospects, lookedAt: prospects.length, complete: true, note: 'whoever is in the segment now' };
}

type DateDoor = Door & { door: string; position: number; subject: Exclude<Door['subject'], 'schedule'> };

/** A date that has let people in, or is past, does so no more. */
async function byDates(
  tx: Queryable,
  entry: DateEntry,
  { subject, name, door, position }: DateDoor,
  campaignId: string | null,
  until: Date,
  around: Surroundings,
): Promise<Coming> {
  const { rows } = await tx.query<{ subjectId: string; date: string }>(
    `select t.id as "subjectId", t.dates ->> $1 as date from (${datesOf[subject]}) t
      where nullif(t.dates ->> $1, '') is not null
        and not exists (select from appointment a
                         where a.campaign_id = $2 and a.door = $3 and a.subject_id = t.id and a.date = t.dates ->> $1 and a.state <> 'armed')
      order by t.id limit $4`,
    [name, campaignId, door, MOST + 1],
  );
  const dates = rows.slice(0, MOST);
  const things = await datedThings(
    tx,
    dates.map(({ subjectId }) => ({ subject, subjectId })),
    around.zone,
  );
  const near = dates.flatMap(({ subjectId, date }) => {
    const thing = things.get(subjectId);
    const at = thing && momentIn(entry, date, thing, around);
    if (!thing || !at || at > until || (at < around.now && entry.ifPast === 'skip')) return [];
    return [{ thing, date, at: at < around.now ? around.now : at }];
  });
  const people = await peopleOfAccounts(
    tx,
    near.flatMap(({ thing }) => thing.accountId ?? []),
  );
  const prospects = near.flatMap(({ thing, date, at }) => {
    const whom = concernedBy(entry, date, thing, people);
    return 'nobody' in whom ? [] : whom.map((one) => ({ ...one, eventId: null, eventAt: at, position }));
  });
  return { prospects: await withoutTests(tx, prospects), lookedAt: dates.length, complete: rows.length <= MOST, note: 'by their dates' };
}

/** Its moment; null where it has none, or the calendar knows no business day. */
function momentIn(entry: DateEntry, date: string, thing: DatedThing, { calendar }: Surroundings): Date | null {
  try {
    return momentOf(entry, date, thing, calendar);
  } catch {
    return null;
  }
}

async function withoutTests(tx: Queryable, prospects: Prospect[]): Promise<Prospect[]> {
  const ids = [...new Set(prospects.map((one) => one.leadId))];
  const { rows } = await tx.query<{ id: string }>('select id from lead where id = any($1::uuid[]) and not test', [ids]);
  const real = new Set(rows.map(({ id }) => id));
  return prospects.filter(({ leadId }) => real.has(leadId));
}
