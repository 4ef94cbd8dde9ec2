import type { Loop } from '../domain/loops.ts';
import type { Told, ToldKind } from '../domain/delivery/told.ts';
import { type Complaint, takeComplaints } from './complaints.ts';
import { storeEvents } from './events.ts';
import { GROUPS, type GroupWord, heedGroups } from './group-refusals.ts';
import { type NewHit, recordHits } from './hits.ts';
import { report } from './ledger.ts';
import type { Queryable } from './pool.ts';
import { SOURCE as SOFT_BOUNCES, weighSoftBounces } from './soft-bounces.ts';
import { suppress, unsubscribe } from './suppressions.ts';
import { lockLeads, wakeEnrolments, wakeLeads, type Woken } from './wakes.ts';
import { slotsOf, wokenLoops } from './woken-loops.ts';

/** Something told, with the mail and the lead that it is about. */
export interface Placed extends Told {
  send: {
    id: string;
    class: string;
    campaign: string | null;
    enrolmentId: string | null;
    step: string | null;
    topic: string | null;
    address: string | null;
  } | null;
  leadId: string | null;
}

/** What says nothing of the person. */
const ABOUT_THE_MAIL: ReadonlySet<ToldKind> = new Set(['processed', 'delivered', 'deferred', 'dropped']);

/**
 * Takes in what providers tell of mails they took, in one transaction: in whatever order it comes, however often, the same stands
 * there in the end. Any word about a mail proves that it was taken, and settles what was under way or unknown. Answers the loops to poke after the commit, and
 * how much of it was news. A fixed number of statements, but for those who refuse.
 */
export async function takeTold(tx: Queryable, told: readonly Told[], now: Date): Promise<{ fresh: number; loops: Loop[] }> {
  if (told.length === 0) return { fresh: 0, loops: [] };
  const placed = await place(tx, told);
  await lockLeads(tx, [...new Set(placed.flatMap(({ kind, leadId }) => (leadId !== null && !ABOUT_THE_MAIL.has(kind) ? [leadId] : [])))]);
  const fresh = await note(tx, placed);
  const of = (...kinds: ToldKind[]): Placed[] => fresh.filter(({ kind }) => kinds.includes(kind));

  const woken: Woken[] = [
    ...(await wakeEnrolments(tx, await settleTaken(tx, fresh))),
    ...(await takeBounces(tx, of('bounced', 'blocked'))),
    ...(await takeComplaints(tx, of('complained').map(complaintOf))),
    ...(await takeRefusals(tx, of('unsubscribed'))),
    ...(await heedGroups(tx, of('group_unsubscribed', 'group_resubscribed').map(groupWordOf))),
  ];
  const turned = await weighSoftBounces(tx, [...new Set(of('blocked', 'delivered').map(({ address }) => address))]);
  const concerned = leadsOf(placed, turned);
  await lockLeads(tx, concerned);
  woken.push(...(await wakeLeads(tx, concerned)));
  const changed = of('bounced', 'blocked', 'complained', 'unsubscribed', 'group_unsubscribed', 'group_resubscribed');
  const slots = await slotsOf(tx, [...concerned, ...changed.flatMap(({ leadId }) => leadId ?? [])]);
  const loops = await wokenLoops(tx, woken, slots);
  const hits = await recordHits(
    tx,
    of('opened', 'clicked').flatMap((one) => hitOf(one, now) ?? []),
  );
  return { fresh: fresh.length, loops: [...loops, ...hits] };
}

/** The mails and the leads that are meant: a mail's own lead, else whoever has the address. */
async function place(tx: Queryable, told: readonly Told[]): Promise<Placed[]> {
  const { rows: sends } = await tx.query<NonNullable<Placed['send']> & { sendKey: string; leadId: string | null }>(
    `select s.send_key as "sendKey", s.id, s.class, s.lead_id as "leadId", c.key as campaign, s.enrolment_id as "enrolmentId", s.step_id as step, s.topic, s.address
       from send s left join campaign c on c.id = s.campaign_id where s.send_key = any($1)`,
    [[...new Set(told.flatMap(({ sendKey }) => sendKey ?? []))]],
  );
  const { rows: leads } = await tx.query<{ id: string; email: string }>('select id, email from lead where email = any($1)', [
    [...new Set(told.map(({ address }) => address))],
  ]);
  const byKey = new Map(sends.map((send) => [send.sendKey, send]));
  const byAddress = new Map(leads.map(({ id, email }) => [email, id]));
  return told.map((one) => {
    const found = one.sendKey === null ? undefined : byKey.get(one.sendKey);
    // A mail to a colleague is nobody's, even where a lead has the same address.
    const leadId = found?.class === 'internal' ? null : (found?.leadId ?? byAddress.get(one.address) ?? null);
    return { ...one, send: found ?? null, leadId };
  });
}

/** Notes what was not noted before, and answers just that. A mail told of before it left, as provider's clocks go, is told of when it left. */
async function note(tx: Queryable, placed: readonly Placed[]): Promise<Placed[]> {
  const byKey = new Map(placed.map((one) => [one.key, one]));
  const rows = [...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { rows: noted } = await tx.query<{ key: string }>(
    `insert into delivery_event (key, source, kind, send_id, address, group_id, reason, status, told_real, at)
     select t.key, t.source, t.kind, t.send_id, t.address, t.group_id, t.reason, t.status, t.told_real,
            greatest(s.in_flight_at, (select clock()) - greatest(now() - t.told_real, interval '0') * w.clock_rate)
       from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::integer[], $7::text[], $8::text[], $9::timestamptz[])
            as t (key, source, kind, send_id, address, group_id, reason, status, told_real)
       cross join workspace w left join send s on s.id = t.send_id
      order by t.key
     on conflict (key) do nothing returning key`,
    [
      rows.map((one) => one.key),
      rows.map((one) => one.source),
      rows.map((one) => one.kind),
      rows.map((one) => one.send?.id ?? null),
      rows.map((one) => one.address),
      rows.map((one) => one.groupId),
      rows.map((one) => one.reason),
      rows.map((one) => one.status),
      rows.map((one) => new Date(one.atMs)),
    ],
  );
  return noted.map(({ key }) => byKey.get(key)!);
}

/** Whatever is told of a mail, its provider has taken it. Answers the enrolments that waited to know. */
async function settleTaken(tx: Queryable, fresh: readonly Placed[]): Promise<string[]> {
  const keys = [...new Set(fresh.flatMap(({ send, sendKey }) => (send && sendKey ? [sendKey] : [])))].toSorted();
  return report(
    tx,
    keys.map((sendKey) => ({ sendKey, outcome: 'accepted', reason: null })),
  );
}

/** An address that does not exist is never mailed again. Refused for now or for ever, campaigns may react to it. */
async function takeBounces(tx: Queryable, bounces: readonly Placed[]): Promise<Woken[]> {
  const toPeople = bounces.filter(({ send }) => send?.class !== 'internal');
  const gone = toPeople.filter(({ kind }) => kind === 'bounced');
  await takeOver(tx, 'bounce', gone, SOFT_BOUNCES);
  await suppress(
    tx,
    gone.map(({ address, source }) => ({ address, kind: 'bounce', scope: 'all', source })),
  );
  const { woken, candidates } = await storeEvents(
    tx,
    toPeople.flatMap(({ leadId, kind, send, source, reason, status }) => {
      if (leadId === null) return [];
      const properties = { ...mailOf(send), permanent: kind === 'bounced', reason, status };
      return [{ leadId, name: 'email_bounced', source, properties }];
    }),
  );
  return [...woken, ...candidates];
}

/** Those who unsubscribed at the provider, from everything. */
async function takeRefusals(tx: Queryable, refusals: readonly Placed[]): Promise<Woken[]> {
  const woken: Woken[] = [];
  const toPeople = refusals.filter(({ send }) => send?.class !== 'internal');
  await takeOver(tx, 'unsubscribe', toPeople, GROUPS);
  for (const { leadId, address, send, source } of toPeople) {
    const done = leadId && (await unsubscribe(tx, { leadId, topic: null, sendId: send?.id ?? null, source }));
    if (done) woken.push(...done.woken);
    // The mail may have gone to an address that its lead has no more.
    await suppress(tx, [{ address, kind: 'unsubscribe', scope: 'marketing', source }]);
  }
  return woken;
}

/** What bars an address already for a lesser reason, one that may pass, now stands on this one. */
async function takeOver(tx: Queryable, kind: 'bounce' | 'unsubscribe', by: readonly Placed[], lesser: string): Promise<void> {
  if (by.length === 0) return;
  await tx.query(
    `update suppression p set source = b.source
       from (select distinct on (address) address, source from unnest($1::text[], $2::text[]) as b (address, source) order by address, source) b
      where p.address = b.address and p.kind = $3 and p.source like $4`,
    [by.map(({ address }) => address), by.map(({ source }) => source), kind, lesser],
  );
}

const mailOf = (send: Placed['send']) => ({
  send: send?.id ?? null,
  campaign: send?.campaign ?? null,
  enrolment: send?.enrolmentId ?? null,
  step: send?.step ?? null,
});

const complaintOf = ({ address, leadId, send, source }: Placed): Complaint => ({ address, leadId, send, source });

const groupWordOf = ({ kind, address, leadId, groupId, send, source }: Placed): GroupWord => ({
  address,
  leadId,
  groupId,
  topic: send?.topic ?? null,
  sendId: send?.id ?? null,
  source,
  leaves: kind === 'group_unsubscribed',
});

function hitOf({ kind, send, url, userAgent, machine, source, atMs }: Placed, now: Date): NewHit | null {
  if (send === null) return null;
  return {
    sendId: send.id,
    kind: kind === 'clicked' ? 'click' : 'open',
    link: kind === 'clicked' ? url : null,
    url: kind === 'clicked' ? url : null,
    source,
    signs: machine ? ['machine'] : [],
    userAgent,
    agoMs: now.getTime() - atMs,
  };
}

const leadsOf = (placed: readonly Placed[], addresses: readonly string[]): string[] => {
  const those = new Set(addresses);
  return [...new Set(placed.flatMap(({ address, leadId }) => (leadId !== null && those.has(address) ? [leadId] : [])))];
};
