import { addCandidates, type Comer } from '../db/candidates.ts';
import type { LoopCampaign } from '../db/campaigns.ts';
import { datedThings } from '../db/dated-things.ts';
import { type Appointment, armSchedules, lockAppointments, settleAppointments, type Settled } from '../db/doors.ts';
import { loadSurroundings, type Surroundings } from '../db/surroundings.ts';
import { peopleOfAccounts } from '../db/people.ts';
import type { Queryable } from '../db/pool.ts';
import { leadsWhere, segmentPredicate } from '../db/segment-leads.ts';
import type { Woken } from '../db/wakes.ts';
import { concernedBy, type DatedThing, momentOf } from '../domain/campaign/appointment.ts';
import type { DateEntry } from '../domain/campaign/entries/date.ts';
import type { ScheduleEntry } from '../domain/campaign/entries/schedule.ts';

/** Whom an appointment lets in; nobody has its reason. */
type Let = Comer[] | { nobody: string };

/**
 * Takes up to `limit` appointments of a campaign: works out the moment of those whose date is new, and lets in whom those bring whose moment has
 * come. Of what fell due while the campaign was paused, nobody comes where it was resumed with `overdue: skip`, and all come strewn with `spread`. Answers how
 * many were taken and whose loops to poke.
 */
export async function openDoors(
  tx: Queryable,
  campaignId: string,
  { skipBefore, resumedAt, spreadUntil }: Pick<LoopCampaign, 'skipBefore' | 'resumedAt' | 'spreadUntil'>,
  limit: number,
): Promise<{ taken: number; woken: Woken[] }> {
  const appointments = await lockAppointments(tx, campaignId, limit);
  if (appointments.length === 0) return { taken: 0, woken: [] };
  const around = await loadSurroundings(tx);
  const things = await datedThings(tx, appointments, around.zone);
  const people = await peopleOfAccounts(
    tx,
    [...things.values()].flatMap(({ accountId }) => accountId ?? []),
  );
  const settled: Settled[] = [];
  const coming = new Map<string, { appointment: Appointment; until: Date | null; comers: Comer[] }>();
  for (const appointment of appointments) {
    const thing = things.get(appointment.subjectId ?? '') ?? null;
    const one: Settled = appointment.dueAt
      ? { id: appointment.id, dueAt: appointment.dueAt, state: 'armed', note: null }
      : workOut(appointment, thing, around);
    settled.push(one);
    if (one.state !== 'armed' || one.dueAt! > around.now) continue;
    const whom: Let =
      skipBefore !== null && one.dueAt! <= skipBefore
        ? { nobody: 'it fell due while the campaign was paused' }
        : appointment.subject === 'schedule'
          ? await scheduled(tx, appointment, around)
          : thing
            ? concernedBy(appointment.entry as unknown as DateEntry, appointment.date, thing, people)
            : { nobody: 'it is no longer there' };
    one.state = 'nobody' in whom || whom.length === 0 ? 'passed' : 'entered';
    if ('nobody' in whom) one.note = whom.nobody;
    else {
      const until = spreadUntil && resumedAt && one.dueAt! <= resumedAt && around.now < spreadUntil ? spreadUntil : null;
      const group = `${appointment.position} ${until ? 'strewn' : 'at once'}`;
      coming.set(group, { appointment, until, comers: [...(coming.get(group)?.comers ?? []), ...whom] });
    }
  }
  await settleAppointments(tx, settled);
  const woken: Woken[] = [];
  for (const { appointment, until, comers } of coming.values()) {
    const { position, needsScore } = appointment;
    const { rate } = appointment.entry as unknown as DateEntry | ScheduleEntry;
    woken.push(...(await addCandidates(tx, { campaignId, position, rate, until, needsScore }, comers)));
  }
  const schedules = appointments.filter(({ subject }) => subject === 'schedule');
  await armSchedules(
    tx,
    campaignId,
    schedules.map(({ door, entry }) => ({ door, entry: entry as unknown as ScheduleEntry })),
  );
  return { taken: appointments.length, woken };
}

/** The moment of a date that is new, or what makes it none. A moment that had passed when the date was told is past unless the entry says `now`. */
function workOut({ id, date, madeAt, entry: given }: Appointment, thing: DatedThing | null, { calendar, now }: Surroundings): Settled {
  const entry = given as unknown as DateEntry;
  const passed = (note: string): Settled => ({ id, dueAt: null, state: 'passed', note });
  if (!thing) return passed('it is no longer there');
  try {
    const dueAt = momentOf(entry, date, thing, calendar);
    if (!dueAt) return passed('it is not a date');
    if (dueAt >= madeAt) return { id, dueAt, state: 'armed', note: null };
    return entry.ifPast === 'now' ? { id, dueAt: now, state: 'armed', note: null } : { ...passed('it had passed when it was told'), dueAt };
  } catch (error) {
    // A calendar without business days, or a date at the end of time: nobody else waits for it.
    return passed((error as Error).message);
  }
}

/** Everybody in the segment of a schedule. A segment that is gone, or says nonsense by now, holds up nobody else. */
async function scheduled(tx: Queryable, { entry, date }: Appointment, around: Surroundings): Promise<Let> {
  const { segment } = entry as unknown as ScheduleEntry;
  const wanted = await segmentPredicate(tx, segment, around);
  if ('fault' in wanted) return { nobody: wanted.fault };
  const leadIds = await leadsWhere(tx, wanted);
  if (leadIds.length === 0) return { nobody: 'nobody was in the segment' };
  return leadIds.map((leadId) => ({ leadId, properties: { occurrence: date } }));
}
