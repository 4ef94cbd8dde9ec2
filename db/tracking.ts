import { groupBy } from '../domain/group-by.ts';
import { type Loop, loopsAfter } from '../domain/loops.ts';
import { type Call, type Said, userOf, visitorOf, visitorOfUser } from '../domain/tracking/call.ts';
import { type Told, tell } from '../domain/tracking/person.ts';
import { type KnownVisitor, type Link, type Visitor, gatherVisitors, knownLead } from '../domain/tracking/visitors.ts';
import type { Visit } from '../domain/tracking/visit.ts';
import { storeCompanyTraits } from './company-traits.ts';
import { storeEvents } from './events.ts';
import { type NewPerson, upsertLeads } from './leads.ts';
import type { Queryable } from './pool.ts';
import { toldBefore } from './told-before.ts';
import { confirmClicks } from './visits.ts';
import { type Claim, claimVisitors, knownVisitors, linkVisitors, linksFrom, lockVisitors } from './visitors.ts';
import { lockLeads, wakeLeads } from './wakes.ts';

/**
 * Stores calls in Segment's sense, in a fixed number of statements whatever their number: each call whose messageId is new
 * becomes one event, of a lead where it is known who it is, of a visitor otherwise; what is told of a person makes or completes
 * their lead, which then takes over what the visitor did before. The order within the batch does not matter. Answers the
 * loops to poke after the commit. Run it in a transaction of its own.
 */
export async function storeCalls(tx: Queryable, given: readonly Call[]): Promise<Loop[]> {
  if (given.length === 0) return [];
  await lockVisitors(tx, new Set(given.flatMap(namesIn)));
  const { now, country, ranges, fresh } = await takeNew(tx, given);
  if (fresh.length === 0) return [];
  const calls = fresh.map((call) => ({ ...call, at: new Date(now.getTime() - call.ageMs) })).toSorted(byTime);
  const links = calls.flatMap(linksIn);

  const before = await linksFrom(tx, new Set(calls.flatMap(namesIn)));
  const visitors = gatherVisitors(calls.flatMap(namesIn), [...before, ...links]);
  const sayings = groupBy(calls, (call) => visitors.get(visitorOf(call))!);
  const hopes = new Map([...sayings].map(([visitor, said]) => [visitor, tell(said, country)]));
  const emails = [...hopes.values()].flatMap((told) => told?.emails ?? []);
  const known = await knownVisitors(tx, visitors.keys(), emails);

  const people = new Map<Visitor, Person>();
  for (const visitor of sayings.keys()) {
    const lead = knownLead(visitor, known.visitors);
    const hope = hopes.get(visitor)?.person;
    if (lead || hope?.email || hope?.phone)
      people.set(visitor, { visitor, lead, told: null, leadId: lead?.leadId ?? null, slot: lead?.slot ?? null });
  }
  const bystanders = calls.flatMap((call) => known.visitors.get(visitorOf(call))?.leadId ?? []);
  await lockLeads(
    tx,
    [...new Set([...[...people.values()].flatMap(({ lead }) => lead?.leadId ?? []), ...bystanders, ...known.byEmail])].toSorted(),
  );

  await hearOut(tx, [...people.values()], sayings, known.visitors, country);
  await storePeople(tx, [...people.values()], known.visitors);
  const settled = [...people.values()].filter((person): person is Settled => person.leadId !== null);
  const aliased = new Set(calls.flatMap(({ previousId }) => previousId ?? []));
  const claims = settled.flatMap((person) => claimsOf(person, known.visitors, aliased));
  await claimVisitors(tx, claims);
  await linkVisitors(
    tx,
    links.filter(({ user }) => !people.get(visitors.get(user)!)?.leadId),
  );

  // An anonymous id whose lead is another user tells of that lead only where no user is named.
  const whose = (call: Call): { leadId: string; slot: number } | null => {
    const person = people.get(visitors.get(visitorOf(call))!);
    if (person?.leadId) return person as Settled;
    return call.userId === null ? (known.visitors.get(call.anonymousId!) ?? null) : null;
  };
  const owners = calls.map(whose);
  const stored = await storeEvents(
    tx,
    calls.map((call, i) => ({
      leadId: owners[i]?.leadId ?? null,
      anonymousId: visitorOf(call),
      name: call.event,
      source: 'segment',
      at: call.at,
      properties: call.properties,
      context: call.context,
    })),
  );
  const others = await storeCompanyTraits(
    tx,
    settled.flatMap(({ leadId, told }) => (told ? [{ leadId, domain: told.domain, traits: told.company }] : [])),
  );
  const confirmed = await confirmClicks(
    tx,
    calls.flatMap((call, i) => visitOf(call, owners[i]?.leadId ?? null)),
  );
  const slotOf = new Map([...known.visitors.values()].map(({ leadId, slot }) => [leadId, slot]));
  const losers = [...new Set(claims.flatMap(({ from }) => from ?? []))].toSorted();
  const woken = await wakeLeads(tx, losers);
  const slots = [...owners.flatMap((owner) => owner?.slot ?? []), ...losers.flatMap((id) => slotOf.get(id) ?? []), ...others.slots];
  return [...loopsAfter(ranges, new Set(slots), [...stored.woken, ...stored.candidates, ...woken, ...others.woken]), ...confirmed];
}

/** The page that a call says somebody viewed, where it is known who. */
function visitOf({ event, properties: { url }, context: { userAgent }, at }: TimedCall, leadId: string | null): Visit[] {
  if (event !== 'page_viewed' || leadId === null || typeof url !== 'string') return [];
  return [{ leadId, at, url, userAgent: typeof userAgent === 'string' ? userAgent : null }];
}

interface Person {
  visitor: Visitor;
  lead: KnownVisitor | null;
  told: Told | null;
  leadId: string | null;
  slot: number | null;
}
type Settled = Person & { leadId: string; slot: number };
type TimedCall = Call & { at: Date };

function byTime(one: TimedCall, other: TimedCall): number {
  return one.at.getTime() - other.at.getTime() || ((one.messageId ?? '') < (other.messageId ?? '') ? -1 : 1);
}

/** Every name of a visitor that a call tells. An alias's previous id may be of either kind. */
function namesIn({ userId, anonymousId, previousId }: Call): string[] {
  const previous = previousId === null ? [] : [previousId, visitorOfUser(previousId)];
  return [...(userId === null ? [] : [visitorOfUser(userId)]), ...(anonymousId === null ? [] : [anonymousId]), ...previous];
}

function linksIn(call: TimedCall): Link[] {
  const [user, ...others] = namesIn(call);
  return call.userId === null ? [] : others.flatMap((visitor) => (visitor === user ? [] : [{ user: user!, visitor, at: call.at }]));
}

/** Keeps the calls whose messageId was never seen, and reads what the workspace says of time, country and ranges. */
async function takeNew(tx: Queryable, calls: readonly Call[]): Promise<{ now: Date; country: string; ranges: number; fresh: Call[] }> {
  const keys = [...new Set(calls.flatMap(({ messageId }) => messageId ?? []))].toSorted();
  const { rows } = await tx.query<{ now: Date; country: string; ranges: number; taken: string[] }>(
    `with taken as (
       insert into event_key (source, key) select 'segment', key from unnest($1::text[]) with ordinality as k (key, n) order by n
       on conflict do nothing returning key)
     select clock() as now, country, ranges, array(select key from taken) as taken from workspace`,
    [keys],
  );
  const { taken, ...workspace } = rows[0]!;
  const untold = new Set(taken);
  return { ...workspace, fresh: calls.filter(({ messageId }) => messageId === null || untold.delete(messageId)) };
}

/** Adds to what people say now what they said before anybody knew them. */
async function hearOut(
  tx: Queryable,
  people: readonly Person[],
  sayings: ReadonlyMap<Visitor, readonly Call[]>,
  known: ReadonlyMap<string, KnownVisitor>,
  country: string,
): Promise<void> {
  const unknown = (visitor: Visitor) => [...visitor.users, ...visitor.anonymous].filter((name) => !known.has(name));
  const before = groupBy(
    await toldBefore(
      tx,
      people.flatMap(({ visitor }) => unknown(visitor)),
    ),
    ({ name }) => name,
  );
  for (const person of people) {
    const earlier: Said[] = unknown(person.visitor).flatMap((name) => before.get(name) ?? []);
    person.told = tell([...earlier, ...sayings.get(person.visitor)!], country);
  }
}

/** Makes or completes the leads of people who told something; each gets its `leadId`. */
async function storePeople(tx: Queryable, people: readonly Person[], known: ReadonlyMap<string, KnownVisitor>): Promise<void> {
  const telling = people.filter(({ told }) => told !== null);
  const rows = telling.flatMap(({ visitor, lead, told }, i) => personsOf(visitor, lead, told!, known).map((person) => ({ person, i })));
  const leads = await upsertLeads(
    tx,
    rows.map(({ person }) => person),
  );
  rows.forEach(({ i }, n) => {
    const lead = leads[n];
    // The last address somebody was given is the one they have, so its lead is theirs.
    if (lead) Object.assign(telling[i]!, { leadId: lead.leadId, slot: lead.slot });
  });
}

/** One row with all that was told, after one for each earlier address. */
function personsOf(
  visitor: Visitor,
  lead: KnownVisitor | null,
  { person, emails }: Told,
  known: ReadonlyMap<string, KnownVisitor>,
): NewPerson[] {
  const user = visitor.users.find((name) => known.has(name)) ?? visitor.users[0];
  const anonymous = lead && userOf(lead.name) === null ? lead.name : visitor.users.length === 0 ? visitor.anonymous[0] : undefined;
  const userId = user === undefined ? null : userOf(user);
  return [...emails.slice(0, -1).map((email) => ({ email, userId })), { ...person, userId, anonymousId: anonymous ?? null }];
}

/**
 * The names that become a lead's. Events told under a user id, or under an id that an alias names, come along from the
 * lead that had it; a browser that changes hands leaves what was done before to whom it was.
 */
function claimsOf({ visitor, leadId }: Settled, known: ReadonlyMap<string, KnownVisitor>, aliased: ReadonlySet<string>): Claim[] {
  return [...visitor.users, ...visitor.anonymous].flatMap((name) => {
    const was = known.get(name)?.leadId ?? null;
    if (was === leadId) return [];
    return [{ name, leadId, from: userOf(name) !== null || aliased.has(name) ? was : null }];
  });
}
