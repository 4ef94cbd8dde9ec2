import type { SuppressionKind } from '../domain/delivery/last-look.ts';
import { INSTANT } from './clock.ts';
import { consentGround, noteConsents } from './consents.ts';
import { storeEvents } from './events.ts';
import { writeJournal } from './journal.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, wakeLeads, type Woken } from './wakes.ts';

export interface NewSuppression {
  /** Normalised: as in `lead.email`. */
  address: string;
  kind: SuppressionKind;
  /** `all` bars transactional mail too; mail to reps is never barred. */
  scope: 'marketing' | 'all';
  source: string;
}

/** Bars addresses from mail; one that is barred already for the same kind of reason keeps the stronger scope. */
export async function suppress(tx: Queryable, given: readonly NewSuppression[]): Promise<void> {
  if (given.length === 0) return;
  const unique = [...new Map(given.map((one) => [`${one.address} ${one.kind}`, one])).values()].toSorted((a, b) =>
    a.address < b.address ? -1 : 1,
  );
  await tx.query(
    `insert into suppression as s (address, kind, scope, source, at)
     select lower(address), kind, scope, source, ${INSTANT} from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as n (address, kind, scope, source)
         on conflict (address, kind) do update set scope = 'all' where excluded.scope = 'all' and s.scope <> 'all'`,
    [unique.map((one) => one.address), unique.map((one) => one.kind), unique.map((one) => one.scope), unique.map((one) => one.source)],
  );
}

export interface Suppression extends NewSuppression {
  id: string;
  at: Date;
}

const columns = 'id, address, kind, scope, source, at';

/** Suppressions, newest first, of one address or all, one page from a place on. */
export async function listSuppressions(
  tx: Queryable,
  { address, limit, from }: { address: string | null; limit: number; from: Place | null },
): Promise<{ items: Suppression[]; nextCursor: string | null }> {
  const { rows } = await tx.query<Suppression & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', at::text, 'id', id) as place from suppression
      where ($1::text is null or address = $1) and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
      order by at desc, id desc limit $2 + 1`,
    [address, limit, from?.at ?? null, from?.id ?? null],
  );
  return cutPage(rows, limit);
}

/** Bars one address, waking the lead it belongs to. Answers the suppression in force and whom to poke. */
export async function addSuppression(
  tx: Queryable,
  one: NewSuppression,
): Promise<{ suppression: Suppression; woken: Woken[]; slots: number[] }> {
  const lead = await lockAddress(tx, one.address);
  await suppress(tx, [one]);
  const { rows } = await tx.query<Suppression>(`select ${columns} from suppression where address = $1 and kind = $2`, [
    one.address,
    one.kind,
  ]);
  return { suppression: rows[0]!, ...(await wake(tx, lead)) };
}

/** Lifts a suppression. Null when there is no such; otherwise whom to poke. */
export async function removeSuppression(tx: Queryable, id: string): Promise<{ woken: Woken[]; slots: number[] } | null> {
  const { rows } = await tx.query<{ address: string }>('delete from suppression where id = $1 returning address', [id]);
  return rows[0] ? wake(tx, await lockAddress(tx, rows[0].address)) : null;
}

type Lead = { id: string; slot: number };

async function lockAddress(tx: Queryable, address: string): Promise<Lead | undefined> {
  const { rows } = await tx.query<Lead>('select id, slot from lead where email = $1 for no key update', [address]);
  return rows[0];
}

async function wake(tx: Queryable, lead: Lead | undefined): Promise<{ woken: Woken[]; slots: number[] }> {
  return lead ? { woken: await wakeLeads(tx, [lead.id]), slots: [lead.slot] } : { woken: [], slots: [] };
}

export interface Unsubscriber {
  leadId: string;
  slot: number;
  address: string | null;
}

/** The lead of an unsubscribe link, or null when it is gone. */
export async function readUnsubscriber(tx: Queryable, leadId: string): Promise<Unsubscriber | null> {
  const { rows } = await tx.query<Unsubscriber>('select id as "leadId", slot, email as address from lead where id = $1', [leadId]);
  return rows[0] ?? null;
}

export interface Leave {
  leadId: string;
  /** Null: all marketing. */
  topic: string | null;
  /** The mail whose link it was. */
  sendId: string | null;
  source: string;
  /** From where and by what it was said. */
  proof?: Record<string, unknown>;
}

/**
 * Takes a lead out of a topic, or of all marketing (`topic: null`): consent, suppression, journal and wakes in one transaction,
 * under the lead's lock, so that no mail passes it unseen. A second time changes nothing and answers `already`.
 */
export async function unsubscribe(
  tx: Queryable,
  { leadId, topic, sendId, source, proof = {} }: Leave,
): Promise<{ already: boolean; woken: Woken[]; slots: number[] } | null> {
  await lockLeads(tx, [leadId]);
  const lead = await readUnsubscriber(tx, leadId);
  if (!lead) return null;
  const done = topic === null ? await leaveAll(tx, lead, source) : await leaveTopic(tx, lead, topic, source, { send: sendId, ...proof });
  if (!done) return { already: true, woken: [], slots: [] };
  const woken = await tellLeft(tx, leadId, [topic], source, { send: sendId, ...proof });
  return { already: false, woken, slots: [lead.slot] };
}

/** Journals that somebody has left topics (null: all marketing), and stores the event `unsubscribed` for each, which wakes whatever looks at them. */
export async function tellLeft(
  tx: Queryable,
  leadId: string,
  topics: readonly (string | null)[],
  source: string,
  proof: Record<string, unknown>,
): Promise<Woken[]> {
  if (topics.length === 0) return [];
  await writeJournal(
    tx,
    topics.map((topic) => ({ kind: 'unsubscribed', leadId, because: { topic, source, ...proof } })),
  );
  const events = topics.map((topic) => ({ leadId, name: 'unsubscribed', source: 'consent', properties: topic === null ? {} : { topic } }));
  const { woken, candidates } = await storeEvents(tx, events);
  return [...woken, ...candidates];
}

async function leaveTopic(
  tx: Queryable,
  lead: Unsubscriber,
  topic: string,
  source: string,
  proof: Record<string, unknown>,
): Promise<boolean> {
  const noted = await noteConsents(tx, source, [{ leadId: lead.leadId, topic, granted: false, proof }]);
  return noted.length > 0;
}

async function leaveAll(tx: Queryable, lead: Unsubscriber, source: string): Promise<boolean> {
  if (!lead.address) return false;
  const { rowCount } = await tx.query(
    `insert into suppression (address, kind, scope, source, at) values ($1, 'unsubscribe', 'marketing', $2, ${INSTANT}) on conflict (address, kind) do nothing`,
    [lead.address, source],
  );
  return rowCount === 1;
}

/**
 * Somebody who had left all marketing wants these topics again: what they had left all together they leave topic by topic now, these apart. Bars that
 * are not of their own making stay. Under `lockLeads`; waking is the caller's. Answers whether anything was lifted.
 */
export async function hearFromAgain(tx: Queryable, leadId: string, wanted: readonly string[], source: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `delete from suppression s using lead l where l.id = $1 and s.address = l.email and s.kind = 'unsubscribe'`,
    [leadId],
  );
  if (rowCount === 0) return false;
  const ground = await consentGround(tx);
  const others = ground.document.topics.filter(({ key }) => !wanted.includes(key));
  const proof = { reason: 'had left all marketing' };
  await noteConsents(
    tx,
    source,
    others.map(({ key }) => ({ leadId, topic: key, granted: false, proof })),
    ground,
  );
  await writeJournal(tx, [{ kind: 'resubscribed', leadId, because: { topics: wanted, source } }]);
  return true;
}
