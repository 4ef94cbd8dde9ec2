import { TendrilError } from '../domain/errors.ts';
import { accountNameKey, companyDomain } from '../domain/identity/company.ts';
import { normaliseEmail } from '../domain/identity/email.ts';
import type { Loop } from '../domain/loops.ts';
import { type RecordDocument, recordEvent, type RecordKind } from '../domain/records/record.ts';
import { planCallbacks } from './callbacks.ts';
import { unresolvedDoors } from './doors.ts';
import { type NewEvent, storeEvents } from './events.ts';
import { findByExternalId, nameKey } from './external-ids.ts';
import { writeJournal } from './journal.ts';
import { upsertLeads } from './leads.ts';
import type { Queryable } from './pool.ts';
import { wakeNaming } from './things.ts';
import { lockLeads, wakeLeads } from './wakes.ts';
import { slotsOf, wokenLoops } from './woken-loops.ts';

/** A record with what names it. */
export interface RecordTold {
  kind: RecordKind;
  externalId: string;
  record: RecordDocument;
  /** Whose record it is; another system may not tell it. */
  system?: string | null;
}

export interface RecordsTold {
  /** Which of them were new, and which said something new; in the order given. */
  results: { created: boolean; changed: boolean }[];
  /** To poke after the commit. */
  loops: Loop[];
}

interface Owner {
  accountId: string | null;
  leadId: string | null;
}

interface Written {
  n: number;
  id: string;
  accountId: string | null;
  leadId: string | null;
  created: boolean;
  statusChanged: boolean;
}

/**
 * Writes what a back-end system tells of its records; the same again changes nothing. A status that is new is the event `<kind>_<status>`
 * (`contract_renewed`) of the record's person, else of everybody of its company. Whoever a record brought into a campaign is woken when it
 * changes, and by a service case the whole company. A fixed number of statements. Throws `invalid` for a company nobody has, at the path that `pathOf` gives a record.
 */
export async function tellRecords(
  tx: Queryable,
  told: readonly RecordTold[],
  pathOf: (n: number) => string = () => '',
): Promise<RecordsTold> {
  await refuseOthers(tx, told);
  const owners = await ownersOf(tx, told, pathOf);
  const written = await writeRecords(tx, told, owners);
  await noteRecords(tx, told, written);
  const { events, bystanders } = await whomItConcerns(tx, told, written);
  await lockLeads(tx, [...new Set([...events.map((event) => event.leadId!), ...bystanders])].toSorted());
  const stored = await storeEvents(tx, events);
  await planCallbacks(
    tx,
    written.map(({ n }) => told[n]!),
  );
  const woken = await wakeLeads(tx, [...bystanders].toSorted(), { rescore: false });
  const named = await wakeNaming(
    tx,
    written.map(({ n }) => ({ [told[n]!.kind]: told[n]!.externalId })),
  );
  const slots = await slotsOf(tx, [...new Set(events.map((event) => event.leadId!))]);
  const byN = new Map(written.map((row) => [row.n, row]));
  return {
    results: told.map((_, n) => ({ created: byN.get(n)?.created ?? false, changed: byN.has(n) })),
    loops: [...(await wokenLoops(tx, [...stored.woken, ...stored.candidates, ...woken], slots)), ...named, ...(await unresolvedDoors(tx))],
  };
}

/** The company and the person of each record; those that are not known yet are made. */
async function ownersOf(tx: Queryable, told: readonly RecordTold[], pathOf: (n: number) => string): Promise<Owner[]> {
  const named = told.flatMap(({ record }, n) => (record.email ? [{ n, email: normaliseEmail(record.email) }] : []));
  const leads = await upsertLeads(
    tx,
    named.map(({ email }) => ({ email })),
  );
  const leadOf = new Map(named.map(({ n }, i) => [n, leads[i]?.leadId ?? null]));
  for (const [n, id] of await referredLeads(tx, told, pathOf)) leadOf.set(n, id);
  const domains = told.map(({ record: { account } }) => (account && 'domain' in account ? companyDomain(account.domain) : null));
  const accounts = await accountsOf(tx, told, domains, pathOf);
  return told.map(({ record: { account } }, n) => ({
    leadId: leadOf.get(n) ?? null,
    accountId:
      (account && ('id' in account ? account.id : accounts.get('domain' in account ? (domains[n] ?? '') : nameKey(account)))) ?? null,
  }));
}

async function accountsOf(
  tx: Queryable,
  told: readonly RecordTold[],
  domains: readonly (string | null)[],
  pathOf: (n: number) => string,
): Promise<Map<string, string>> {
  const ids = [...new Set(told.flatMap(({ record: { account } }) => (account && 'id' in account ? [account.id] : [])))];
  const { rows: here } = await tx.query<{ id: string }>('select id from account where id = any($1::uuid[])', [ids]);
  const known = new Set(here.map((row) => row.id));
  const byName = await findByExternalId(
    tx,
    'account',
    told.flatMap(({ record: { account } }) => (account && 'externalId' in account ? [account] : [])),
  );
  const issues = told.flatMap(({ record: { account } }, n) => {
    if (!account) return [];
    if ('externalId' in account && !byName.has(nameKey(account)))
      return [{ path: `${pathOf(n)}account.externalId`, reason: 'no account is known by this id' }];
    if ('id' in account && !known.has(account.id)) return [{ path: `${pathOf(n)}account.id`, reason: 'there is no such account' }];
    if ('domain' in account && domains[n] === null)
      return [{ path: `${pathOf(n)}account.domain`, reason: 'is not the domain of a company' }];
    return [];
  });
  if (issues.length > 0) throw new TendrilError('invalid', 'Some records name no company', issues);

  const wanted = new Map<string, string | null>();
  for (const [n, { record }] of told.entries()) {
    const domain = domains[n];
    if (domain && record.account && 'domain' in record.account) wanted.set(domain, record.account.name ?? wanted.get(domain) ?? null);
  }
  const sorted = [...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return byName;
  const { rows } = await tx.query<{ domain: string; id: string }>(
    `insert into account (domain, name, name_key) select * from unnest($1::text[], $2::text[], $3::text[])
     on conflict (domain) do update set name = coalesce(account.name, excluded.name), name_key = coalesce(account.name_key, excluded.name_key)
     returning domain, id`,
    [sorted.map(([domain]) => domain), sorted.map(([, name]) => name), sorted.map(([, name]) => accountNameKey(name))],
  );
  return new Map([...byName, ...rows.map(({ domain, id }) => [domain, id] as const)]);
}

/** The people that records name by ids of another system. Throws `invalid` for one that nobody has. */
async function referredLeads(tx: Queryable, told: readonly RecordTold[], pathOf: (n: number) => string): Promise<Map<number, string>> {
  const named = told.flatMap(({ record: { lead } }, n) => (lead ? [{ n, lead }] : []));
  const byName = await findByExternalId(
    tx,
    'lead',
    named.map(({ lead }) => lead),
  );
  const issues = named.flatMap(({ n, lead }) =>
    byName.has(nameKey(lead)) ? [] : [{ path: `${pathOf(n)}lead.externalId`, reason: 'no lead is known by this id' }],
  );
  if (issues.length > 0) throw new TendrilError('invalid', 'Some records name nobody', issues);
  return new Map(named.map(({ n, lead }) => [n, byName.get(nameKey(lead))!]));
}

/** A record that is another system's is not this one's to tell. Throws `conflict`. */
async function refuseOthers(tx: Queryable, told: readonly RecordTold[]): Promise<void> {
  const owned = told.filter(({ system }) => system);
  if (owned.length === 0) return;
  const { rows } = await tx.query<{ kind: string; externalId: string; system: string }>(
    `select r.kind, r.external_id as "externalId", r.system
       from record r join unnest($1::text[], $2::text[], $3::text[]) as g (kind, external_id, system) using (kind, external_id) where r.system <> g.system`,
    [owned.map(({ kind }) => kind), owned.map((one) => one.externalId), owned.map(({ system }) => system)],
  );
  const [first] = rows;
  if (first) throw new TendrilError('conflict', `The ${first.kind} ${first.externalId} is a record of ${first.system}`);
}

/** Says in the journal what is new, so that other systems can be told. */
async function noteRecords(tx: Queryable, told: readonly RecordTold[], written: readonly Written[]): Promise<void> {
  await writeJournal(
    tx,
    written.map(({ n, id, leadId, created }) => {
      const { kind, externalId, record, system } = told[n]!;
      const because = { id, record: kind, number: externalId, status: record.status, ...(system && { origin: system }) };
      return { kind: created ? ('record_created' as const) : ('record_updated' as const), leadId, because };
    }),
  );
}

/** Writes those that say something new, and answers them. A record without a company belongs to its person's. */
async function writeRecords(tx: Queryable, told: readonly RecordTold[], owners: readonly Owner[]): Promise<Written[]> {
  const items = told.map(({ kind, externalId, system, record: { account: _, email: __, lead: ___, ...record } }, n) => ({
    n,
    kind,
    externalId,
    system: system ?? null,
    ...record,
    ...owners[n]!,
  }));
  const { rows } = await tx.query<Written>(
    `with given as materialized (
       select g.n, g.kind, g."externalId" as external_id, coalesce(g."accountId", l.account_id) as account_id, g."leadId" as lead_id,
              array(select jsonb_array_elements_text(g.products)) as products, g.amount, g.currency, g.status, g.dates, g.attributes, g.system
         from jsonb_to_recordset($1::jsonb) as g (n int, kind text, "externalId" text, "accountId" uuid, "leadId" uuid, products jsonb, amount numeric,
              currency text, status text, dates jsonb, attributes jsonb, system text)
         left join lead l on l.id = g."leadId"),
     before as materialized (
       select r.kind, r.external_id, r.status from record r join given g using (kind, external_id)),
     written as (
       insert into record as r (kind, external_id, account_id, lead_id, products, amount, currency, status, dates, attributes, system)
       select kind, external_id, account_id, lead_id, products, amount, currency, status, dates, attributes, system from given order by kind, external_id
       on conflict (kind, external_id) do update set account_id = excluded.account_id, lead_id = excluded.lead_id, products = excluded.products,
              amount = excluded.amount, currency = excluded.currency, status = excluded.status,
              status_since = case when r.status is distinct from excluded.status then clock() else r.status_since end, dates = excluded.dates, attributes = excluded.attributes,
              system = coalesce(r.system, excluded.system), updated_at = clock()
        where (r.account_id, r.lead_id, r.products, r.amount, r.currency, r.status, r.dates, r.attributes) is distinct from
              (excluded.account_id, excluded.lead_id, excluded.products, excluded.amount, excluded.currency, excluded.status, excluded.dates, excluded.attributes)
       returning r.id, r.kind, r.external_id, r.account_id, r.lead_id, r.status)
     select g.n, w.id, w.account_id as "accountId", w.lead_id as "leadId", b.kind is null as created, b.status is distinct from w.status as "statusChanged"
       from written w join given g using (kind, external_id) left join before b using (kind, external_id) order by g.n`,
    [JSON.stringify(items)],
  );
  return rows;
}

/** The events that follow, and who else is woken: everybody of a company with a service case, for that may hold their mail. */
async function whomItConcerns(
  tx: Queryable,
  told: readonly RecordTold[],
  written: readonly Written[],
): Promise<{ events: NewEvent[]; bystanders: Set<string> }> {
  const accountIds = [...new Set(written.flatMap(({ accountId }) => accountId ?? []))];
  const { rows } = await tx.query<{ id: string; accountId: string }>(
    'select id, account_id as "accountId" from lead where account_id = any($1::uuid[]) order by id',
    [accountIds],
  );
  const peopleOf = (accountId: string | null): string[] => rows.flatMap((row) => (row.accountId === accountId ? [row.id] : []));
  const events: NewEvent[] = [];
  const bystanders = new Set<string>();
  for (const { n, accountId, leadId, statusChanged } of written) {
    const { kind, externalId, record } = told[n]!;
    const concerned = leadId ? [leadId] : peopleOf(accountId);
    if (statusChanged) for (const one of concerned) events.push(eventOf(one, kind, externalId, record));
    if (kind === 'case') for (const one of peopleOf(accountId)) bystanders.add(one);
  }
  const heard = new Set(events.map((event) => event.leadId!));
  return { events, bystanders: new Set([...bystanders].filter((one) => !heard.has(one))) };
}

function eventOf(
  leadId: string,
  kind: RecordKind,
  externalId: string,
  { status, amount, currency, products, dates }: RecordDocument,
): NewEvent {
  const properties = { [kind]: externalId, record_kind: kind, status, ...(amount !== null && { amount, currency }), products, dates };
  return { leadId, name: recordEvent(kind, status), source: 'record', properties };
}
