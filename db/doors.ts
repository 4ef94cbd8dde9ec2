import { nextOccurrence, type ScheduleEntry } from '../domain/campaign/entries/schedule.ts';
import { type Door, doorsOf } from '../domain/campaign/doors.ts';
import type { EntryDocument } from '../domain/campaign/entries/kind.ts';
import { type Loop, slotRanges } from '../domain/loops.ts';
import { loadSurroundings } from './surroundings.ts';
import type { Queryable } from './pool.ts';

/**
 * Writes which doors of a campaign open by the clock from now on, in place of what did; none when it is archived. Dates that are known already
 * are armed; what has let people in stays noted, so that launching a newer version lets nobody in twice.
 */
export async function writeDoors(tx: Queryable, campaignId: string, entries: readonly EntryDocument[]): Promise<void> {
  const doors = doorsOf(entries);
  await tx.query('delete from campaign_door where campaign_id = $1', [campaignId]);
  await tx.query(
    `insert into campaign_door (campaign_id, door, position, subject, name)
     select $1, door, position, subject, name from unnest($2::text[], $3::int[], $4::text[], $5::text[]) as d (door, position, subject, name)`,
    [campaignId, doors.map((d) => d.door), doors.map((d) => d.position), doors.map((d) => d.subject), doors.map((d) => d.name)],
  );
  await tx.query(`delete from appointment where campaign_id = $1 and state = 'armed' and not door = any($2)`, [
    campaignId,
    doors.map((d) => d.door),
  ]);
  // The offset may be another by now.
  await tx.query(
    `update appointment set due_at = null, made_at = clock() where campaign_id = $1 and state = 'armed' and due_at > clock() and subject_id is not null`,
    [campaignId],
  );
  for (const subject of new Set(doors.map((one) => one.subject))) if (subject !== 'schedule') await armKnown(tx, campaignId, subject);
  await armSchedules(
    tx,
    campaignId,
    doors.flatMap(({ door, position, subject }) =>
      subject === 'schedule' ? [{ door, entry: entries[position] as unknown as ScheduleEntry }] : [],
    ),
  );
}

/** SQL: where the dates of each kind of thing stand, as `dates`. */
export const datesOf: Record<Exclude<Door['subject'], 'schedule'>, string> = {
  lead: 'select id, attributes as dates from lead',
  account: 'select id, attributes as dates from account',
  occasion: `select id, attributes || jsonb_build_object('starts_at', starts_at, 'ends_at', ends_at) as dates from occasion`,
  quote: `select id, dates from record where kind = 'quote'`,
  order: `select id, dates from record where kind = 'order'`,
  contract: `select id, dates from record where kind = 'contract'`,
  case: `select id, dates from record where kind = 'case'`,
};

/** Whoever is just writing such a thing is waited for: they may not have seen the door yet, nor we their date. */
async function armKnown(tx: Queryable, campaignId: string, subject: keyof typeof datesOf): Promise<void> {
  await tx.query(`lock table ${subject === 'lead' || subject === 'account' || subject === 'occasion' ? subject : 'record'} in share mode`);
  await tx.query(
    `insert into appointment (campaign_id, door, subject_id, date)
     select d.campaign_id, d.door, t.id, t.dates ->> d.name from campaign_door d join (${datesOf[subject]}) t on nullif(t.dates ->> d.name, '') is not null
      where d.campaign_id = $1 and d.subject = $2
     on conflict do nothing`,
    [campaignId, subject],
  );
}

/** Arms the next time of each schedule that has none armed: the first from now on, or from what it opened last. */
export async function armSchedules(
  tx: Queryable,
  campaignId: string,
  doors: readonly { door: string; entry: ScheduleEntry }[],
): Promise<void> {
  if (doors.length === 0) return;
  const { now, zone } = await loadSurroundings(tx);
  const { rows } = await tx.query<{ door: string; armed: boolean; last: string | null }>(
    `select door, bool_or(state = 'armed') as armed, max(date) as last from appointment where campaign_id = $1 and door = any($2) group by door`,
    [campaignId, doors.map((one) => one.door)],
  );
  const seen = new Map(rows.map((row) => [row.door, row]));
  const next = doors.flatMap(({ door, entry }) => {
    const { armed = false, last = null } = seen.get(door) ?? {};
    const from = last && Date.parse(last) >= now.getTime() ? new Date(Date.parse(last) + 1) : now;
    const at = armed ? null : nextOccurrence(entry.schedule, from, entry.timezone ?? zone);
    return at ? [{ door, at }] : [];
  });
  await tx.query(
    `insert into appointment (campaign_id, door, date, due_at)
     select $1, door, date, date::timestamptz from unnest($2::text[], $3::text[]) as a (door, date) on conflict do nothing`,
    [campaignId, next.map((one) => one.door), next.map(({ at }) => at.toISOString())],
  );
}

export interface Appointment {
  id: string;
  door: string;
  position: number;
  subject: Door['subject'];
  subjectId: string | null;
  date: string;
  madeAt: Date;
  dueAt: Date | null;
  /** The entry as it stands in the live version. */
  entry: EntryDocument;
  needsScore: boolean;
}

/** Locks appointments of a campaign that have come, and those whose moment is still to be worked out. */
export async function lockAppointments(tx: Queryable, campaignId: string, limit: number): Promise<Appointment[]> {
  const { rows } = await tx.query<Appointment>(
    `select a.id, a.door, d.position, d.subject, a.subject_id as "subjectId", a.date, a.made_at as "madeAt", a.due_at as "dueAt",
            e.body as entry, e.needs_score as "needsScore"
       from appointment a join campaign_door d using (campaign_id, door) join campaign_entry e on e.campaign_id = d.campaign_id and e.position = d.position
      where a.campaign_id = $1 and a.state = 'armed' and (a.due_at is null or a.due_at <= clock())
      order by a.due_at nulls first, a.id limit $2 for update of a skip locked`,
    [campaignId, limit],
  );
  return rows;
}

/** What became of an appointment: it waits for its moment, has let people in, or is past. */
export interface Settled {
  id: string;
  dueAt: Date | null;
  state: 'armed' | 'entered' | 'passed';
  note: string | null;
}

/** Writes what became of appointments. */
export async function settleAppointments(tx: Queryable, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  await tx.query(
    `update appointment a set due_at = s.due_at, state = s.state, note = s.note
       from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) as s (id, due_at, state, note) where a.id = s.id`,
    [settled.map((one) => one.id), settled.map((one) => one.dueAt), settled.map((one) => one.state), settled.map((one) => one.note)],
  );
}

/** Real ms until a campaign's next appointment; null when there is none, or the clock stands still. One that should have been taken: `busyMs`. */
export async function appointmentsSleep(tx: Queryable, campaignId: string, busyMs: number): Promise<number | null> {
  const { rows } = await tx.query<{ sleepMs: number | null }>(
    `select case when due_at is null or due_at <= clock() then $2::float8 else real_ms_until(due_at) end as "sleepMs"
       from appointment where campaign_id = $1 and state = 'armed' order by due_at nulls first limit 1`,
    [campaignId, busyMs],
  );
  return rows[0]?.sleepMs ?? null;
}

/** The loops of live campaigns with appointments whose moment is still to be worked out: to be poked once the date is committed. */
export async function unresolvedDoors(tx: Queryable): Promise<Loop[]> {
  const { rows } = await tx.query<{ campaignId: string; ranges: number }>(
    `select c.id as "campaignId", w.ranges from campaign c, workspace w
      where c.state = 'live' and exists (select from appointment a where a.campaign_id = c.id and a.state = 'armed' and a.due_at is null)`,
  );
  return rows.map(({ campaignId, ranges }) => ({ kind: 'nurture', campaignId, ...slotRanges(ranges)[0]! }));
}
