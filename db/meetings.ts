import { deliveryOf, type Loop } from '../domain/loops.ts';
import type { Told } from '../domain/meetings/calendly.ts';
import { type Invitation, whenIn } from '../domain/meetings/meeting.ts';
import { storable } from '../domain/storable.ts';
import type { TaskCard } from '../domain/tasks/card.ts';
import { storeEvents } from './events.ts';
import { openFollowUp } from './follow-up.ts';
import { upsertLeads } from './leads.ts';
import type { Queryable } from './pool.ts';
import { type NewSend, queueSends } from './sends.ts';
import { taskCards } from './task-cards.ts';
import { lockLeads } from './wakes.ts';
import { slotsOf, wokenLoops } from './woken-loops.ts';

/** Makes the mail that tells the owner of a new task. */
export type Tell = (task: TaskCard) => NewSend;

/** What came of it: the event that the lead now has, `known` where it had come before, `nobody` where it says of no one who they are. */
export type MeetingTaken = { as: string; leadId: string | null; loops: Loop[] };

type InvitationTold = Extract<Told, { kind: 'booked' | 'canceled' }>;
type FormTold = Extract<Told, { kind: 'form' }>;

const SOURCE = 'calendly';

interface Host {
  id: string;
  key: string;
  timezone: string;
}

/**
 * Takes in what a scheduling tool tells, in one transaction. Each invitation is one row, and the events are the same in whatever order its hooks come and however
 * often: `meeting_booked` once for a meeting however often it moves, `meeting_rescheduled` for each other time, `meeting_canceled` when it is called off for good.
 */
export async function takeMeeting(tx: Queryable, told: Told, tell: Tell): Promise<MeetingTaken> {
  if (told.kind === 'form') return takeForm(tx, told);
  const [lead] = await upsertLeads(tx, [told.person]);
  const { leadId, slot } = lead!;
  const [host] = await hostsAmong(tx, told.invitation.hosts);
  const name = told.kind === 'booked' ? await book(tx, leadId, host, told) : await cancel(tx, leadId, host, told);
  if (name === null) return { as: 'known', leadId, loops: [] };
  const { woken, candidates } = await storeEvents(tx, [{ leadId, name, source: SOURCE, properties: propertiesOf(told, host) }]);
  const asked = name === 'meeting_canceled' && !told.invitation.byHost ? await askToCall(tx, leadId, host, told, tell) : [];
  return { as: name, leadId, loops: [...asked, ...(await wokenLoops(tx, [...woken, ...candidates], [slot]))] };
}

/** A meeting is in the calendar. Answers the event, or null where this was known. */
async function book(tx: Queryable, leadId: string, host: Host | undefined, { invitation }: InvitationTold): Promise<string | null> {
  const { rows } = await tx.query<{ toldBefore: boolean; replaced: boolean }>(
    `with replaced as (select exists (select from meeting where instead_of = $2 and lead_id = $1) as yes),
     noted as (
       insert into meeting (uri, lead_id, rep_id, host_email, name, starts_at, ends_at, timezone, location, instead_of, state)
       select $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, case when yes then 'moved' else 'booked' end from replaced
       on conflict (uri) do nothing returning uri),
     older as (update meeting set state = 'moved', changed_at = clock() where uri = $10 and state = 'booked' and exists (select from noted))
     select yes as replaced,
            exists (select from event where lead_id = $1 and name in ('meeting_booked', 'meeting_rescheduled') and properties ->> 'meeting' = $10) as "toldBefore"
       from noted, replaced`,
    [leadId, invitation.uri, host?.id ?? null, invitation.hosts[0] ?? null, ...columnsOf(invitation), invitation.insteadOf],
  );
  const [row] = rows;
  if (!row || row.replaced) return null;
  return row.toldBefore ? 'meeting_rescheduled' : 'meeting_booked';
}

/** A meeting is out of the calendar: for good, or because another has taken its place. Answers the event, or null where there is nothing to tell. */
async function cancel(tx: Queryable, leadId: string, host: Host | undefined, { invitation }: InvitationTold): Promise<string | null> {
  const { rows } = await tx.query<{ state: string }>(
    `insert into meeting as m (uri, lead_id, rep_id, host_email, name, starts_at, ends_at, timezone, location, instead_of, state, reason)
     values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (uri) do update set state = excluded.state, reason = excluded.reason, changed_at = clock() where m.state = 'booked'
     returning state`,
    [
      leadId,
      invitation.uri,
      host?.id ?? null,
      invitation.hosts[0] ?? null,
      ...columnsOf(invitation),
      invitation.insteadOf,
      invitation.moved ? 'moved' : 'canceled',
      invitation.moved ? null : invitation.reason,
    ],
  );
  return rows[0]?.state === 'canceled' ? 'meeting_canceled' : null;
}

const columnsOf = ({ name, startsAt, endsAt, timezone, location }: Invitation) => [name, startsAt, endsAt, timezone, location];

/** Those of the addresses that are reps', in their order; whoever has left comes last. */
async function hostsAmong(tx: Queryable, addresses: readonly string[]): Promise<Host[]> {
  const { rows } = await tx.query<Host>(
    `select r.id, r.key, r.timezone from unnest($1::text[]) with ordinality as h (email, n) join rep r on lower(r.email) = h.email
      order by not r.active, h.n, r.id`,
    [addresses],
  );
  return rows;
}

function propertiesOf({ kind, invitation, details }: InvitationTold, host: Host | undefined): Record<string, unknown> {
  const { uri, name, startsAt, endsAt, timezone, location, hosts, insteadOf, reason, byHost } = invitation;
  return {
    meeting: uri,
    name,
    starts: startsAt.toISOString(),
    ...(endsAt && { ends: endsAt.toISOString() }),
    ...(timezone && { timezone }),
    ...(location && { location }),
    ...(host && { rep: host.key }),
    ...(hosts[0] && { host: hosts[0] }),
    ...(kind === 'booked' && insteadOf && { instead_of: insteadOf }),
    ...(kind === 'canceled' && { reason, by: byHost ? 'host' : 'invitee' }),
    ...details,
  };
}

/** They have called it off: somebody speaks to them within a business day. */
async function askToCall(
  tx: Queryable,
  leadId: string,
  host: Host | undefined,
  { invitation, person }: InvitationTold,
  tell: Tell,
): Promise<Loop[]> {
  const { rows } = await tx.query<{ timezone: string; test: boolean }>(
    'select w.timezone, l.test from workspace w, lead l where l.id = $1',
    [leadId],
  );
  const { timezone, test } = rows[0]!;
  const why = invitation.reason ? `: ${invitation.reason}` : '';
  const when = whenIn(invitation.startsAt, host?.timezone ?? timezone);
  const title = `${person.name ?? person.email} called off “${invitation.name}” of ${when}${why}`;
  const id = await openFollowUp(tx, {
    taskKey: `meeting/${invitation.uri}`,
    title: storable(title, LONGEST_TITLE),
    leadId,
    campaignId: null,
    rep: host?.key ?? null,
    test,
  });
  const lanes = await queueSends(tx, (await taskCards(tx, id === null ? [] : [id])).map(tell));
  return deliveryOf(lanes);
}

const LONGEST_TITLE = 200;

/** A routing form was filled in: by somebody who says their address, or who went on to book. */
async function takeForm(tx: Queryable, { uri, submitter, person, details }: FormTold): Promise<MeetingTaken> {
  const [named] = person ? await upsertLeads(tx, [person]) : [];
  const leadId = named?.leadId ?? (await inviteeOf(tx, submitter));
  if (leadId === null) return { as: 'nobody', leadId: null, loops: [] };
  await lockLeads(tx, [leadId]);
  const { rowCount } = await tx.query('insert into event_key (source, key) values ($1, $2) on conflict do nothing', [SOURCE, uri]);
  if (rowCount === 0) return { as: 'known', leadId, loops: [] };
  const name = 'routing_form_submitted';
  const { woken, candidates } = await storeEvents(tx, [{ leadId, name, source: SOURCE, properties: { form: uri, ...details } }]);
  return { as: name, leadId, loops: await wokenLoops(tx, [...woken, ...candidates], await slotsOf(tx, [leadId])) };
}

async function inviteeOf(tx: Queryable, uri: string | null): Promise<string | null> {
  const { rows } = await tx.query<{ leadId: string }>('select lead_id as "leadId" from meeting where uri = $1', [uri]);
  return rows[0]?.leadId ?? null;
}
