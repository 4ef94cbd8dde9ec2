import type { CompanyRef, Fault, Heard } from '../domain/crm/common.ts';
import { changedFields, heedLead, type LeadStanding, type LeadTold, readLead } from '../domain/crm/lead.ts';
import { accountNameKey, companyDomain } from '../domain/identity/company.ts';
import type { NewPerson } from '../domain/identity/person.ts';
import { type Loop, loopsAfter } from '../domain/loops.ts';
import { companiesReferred, findByExternalId, nameKey, againIfTaken, noteExternalIds } from './external-ids.ts';
import { writeJournal } from './journal.ts';
import { TOLD_FIELDS } from './lead-columns.ts';
import { writeLeads } from './lead-writing.ts';
import { upsertLeads } from './leads.ts';
import type { Queryable } from './pool.ts';
import { type Given, heardOf, heeded, invalid, newNames, readRows, type ToldRow } from './told-rows.ts';
import { lockLeads, wakeLeads } from './wakes.ts';

interface Row extends ToldRow<LeadTold> {
  /** undefined: nothing was told of it. */
  accountId: string | null | undefined;
}

/**
 * Writes what another system tells of people, set-based. An id that is known decides who is meant; else the email does, else (where none is given) the
 * telephone; who is unknown is made. Each row is heeded or refused by itself, later rows of one person after earlier ones. A fixed number of
 * statements. Answers what became of each, in their order, and whom to poke after the commit. Run it by `inTransaction`.
 */
export async function upsertTold(tx: Queryable, system: string, given: readonly Given[]): Promise<{ heard: Heard[]; loops: Loop[] }> {
  const { rows: ground } = await tx.query<{ country: string; ranges: number }>('select country, ranges from workspace');
  const { country: home, ranges } = ground[0]!;
  const faults = new Map<number, Fault>();
  const rows = readRows(given, (told) => readLead(told, home), faults).map((row): Row => ({
    ...row,
    accountId: row.told.account === null ? null : undefined,
  }));
  await findCompanies(tx, rows, faults);
  await findPeople(tx, system, rows, faults);
  await makeUnknown(tx, heeded(rows, faults), faults);

  const alive = heeded(rows, faults);
  const ids = [...new Set(alive.map((row) => row.id!))].toSorted();
  await lockLeads(tx, ids);
  const before = await standings(tx, ids);
  await followAddresses(tx, alive, before);
  const { after, changedBy } = heedAll(alive, before, faults, await ownersOfAddresses(tx, alive));
  const heard = heeded(rows, faults);
  const changed = [...after].filter(([id, next]) => changedFields(before.get(id)!, next).length > 0);
  await writeLeads(tx, system, changed, before).catch(againIfTaken);
  await noteExternalIds(tx, 'lead', newNames(system, heard));
  const created = new Set(heard.filter((row) => row.made).map((row) => row.id!));
  await note(
    tx,
    system,
    changed.filter(([id]) => !created.has(id)),
    before,
  );
  const touched = [...new Set([...changed.map(([id]) => id), ...created])].toSorted();
  const woken = await wakeLeads(tx, touched);
  const slots = touched.map((id) => before.get(id)!.slot);

  return { heard: heardOf(given, rows, faults, changedBy), loops: loopsAfter(ranges, slots, woken) };
}

async function findCompanies(tx: Queryable, rows: readonly Row[], faults: Map<number, Fault>): Promise<void> {
  const refs = rows.flatMap((row) => (row.told.account ? [{ row, ref: row.told.account }] : []));
  if (refs.length === 0) return;
  const domains = new Map<string, { name: string | null; nameKey: string | null }>();
  for (const { ref } of refs) {
    const domain = domainOf(ref);
    if (domain && 'domain' in ref)
      domains.set(domain, {
        name: ref.name ?? domains.get(domain)?.name ?? null,
        nameKey: accountNameKey(ref.name ?? domains.get(domain)?.name),
      });
  }
  const found = await companiesReferred(tx, {
    ids: refs.flatMap(({ ref }) => ('id' in ref ? [ref.id] : [])),
    domains,
    names: refs.flatMap(({ ref }) => ('externalId' in ref ? [ref] : [])),
  });
  for (const { row, ref } of refs) {
    const id =
      'id' in ref
        ? found.ids.has(ref.id)
          ? ref.id
          : null
        : 'domain' in ref
          ? found.domains.get(domainOf(ref) ?? '')
          : found.names.get(nameKey(ref));
    if (id) row.accountId = id;
    else
      faults.set(
        row.n,
        invalid('account', 'domain' in ref ? 'is not the domain of a company' : 'there is no such account', 'It names no company'),
      );
  }
}

const domainOf = (ref: CompanyRef): string | null => ('domain' in ref ? companyDomain(ref.domain) : null);

async function findPeople(tx: Queryable, system: string, rows: readonly Row[], faults: Map<number, Fault>): Promise<void> {
  const byName = await findByExternalId(
    tx,
    'lead',
    rows.map(({ externalId }) => ({ system, externalId })),
  );
  const { rows: identities } = await tx.query<{ kind: string; value: string; leadId: string }>(
    `select kind, value, lead_id as "leadId" from lead_identity where (kind = 'email' and value = any($1)) or (kind = 'phone' and value = any($2))`,
    [rows.flatMap(({ told }) => told.email ?? []), rows.flatMap(({ told }) => (told.email ? [] : (told.phone ?? [])))],
  );
  const byIdentity = new Map(identities.map(({ kind, value, leadId }) => [`${kind} ${value}`, leadId]));
  for (const row of rows) {
    const named = byName.get(nameKey({ system, externalId: row.externalId })) ?? null;
    const addressed = row.told.email ? (byIdentity.get(`email ${row.told.email}`) ?? null) : null;
    const called = !row.told.email && row.told.phone ? (byIdentity.get(`phone ${row.told.phone}`) ?? null) : null;
    row.known = named !== null;
    row.id = named ?? addressed ?? called;
    if (named !== null && addressed !== null && named !== addressed && !faults.has(row.n)) faults.set(row.n, twoLeads(named, addressed));
  }
}

const twoLeads = (named: string, addressed: string): Fault => ({
  code: 'conflict',
  detail: `The id is that of lead ${named}, and the email that of lead ${addressed}`,
  issues: [
    { path: 'externalId', reason: `is lead ${named}` },
    { path: 'email', reason: `is lead ${addressed}`, mend: 'correct one of the two, here or there' },
  ],
});

/** Those whom nobody knows, each person once; a row of the same person comes after as an update. */
async function makeUnknown(tx: Queryable, rows: readonly Row[], faults: Map<number, Fault>): Promise<void> {
  const drafts = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.id !== null) continue;
    const key = row.told.email ?? row.told.phone;
    if (!key) {
      faults.set(row.n, invalid('email', 'is missing', 'Nobody is known by this id, and a new lead needs an email or a phone'));
      continue;
    }
    drafts.set(key, [...(drafts.get(key) ?? []), row]);
  }
  const groups = [...drafts.values()];
  const made = await upsertLeads(
    tx,
    groups.map(([first]) => personOf(first!.told)),
  );
  groups.forEach((group, i) => {
    const lead = made[i]!;
    group.forEach((row, place) => {
      row.id = lead.leadId;
      row.made = lead.created && place === 0;
    });
  });
}

function personOf({ account: _, stage: __, buyingRole: ___, attributes: given, ...told }: LeadTold): NewPerson {
  return { ...told, attributes: given ?? {} };
}

interface Standing extends LeadStanding {
  slot: number;
  /** Of the account. */
  domain: string | null;
}

async function standings(tx: Queryable, ids: readonly string[]): Promise<Map<string, Standing>> {
  const { rows } = await tx.query<Standing & { id: string }>(
    `select l.id, l.slot, ${TOLD_FIELDS}, l.tags, l.attributes, l.account_id as "accountId", a.domain
       from lead l left join account a on a.id = l.account_id where l.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, ...standing }) => [id, { ...standing, tags: standing.tags.toSorted() }]));
}

/** Where nothing is told of the company, and it came from the address or is not known, it is that of the new address. Nobody has one by free mail. */
async function followAddresses(tx: Queryable, rows: readonly Row[], before: ReadonlyMap<string, Standing>): Promise<void> {
  const followed = rows.filter((row) => {
    const stands = before.get(row.id!)!;
    const moves = row.accountId === undefined && row.told.email && row.told.email !== stands.email;
    return moves && (stands.accountId === null || stands.domain === companyDomain(stands.email));
  });
  const domains = new Map(
    followed.flatMap(({ told }) => (companyDomain(told.email) ? [[companyDomain(told.email)!, { name: null, nameKey: null }]] : [])),
  );
  const found = await companiesReferred(tx, { ids: [], domains, names: [] });
  for (const row of followed) row.accountId = found.domains.get(companyDomain(row.told.email) ?? '') ?? null;
}

/** Whose the addresses are that rows bring to leads that are known already. */
async function ownersOfAddresses(tx: Queryable, rows: readonly Row[]): Promise<Map<string, string>> {
  const { rows: held } = await tx.query<{ value: string; leadId: string }>(
    `select value, lead_id as "leadId" from lead_identity where kind = 'email' and value = any($1)`,
    [rows.flatMap(({ told }) => told.email ?? [])],
  );
  return new Map(held.map(({ value, leadId }) => [value, leadId]));
}

/** Each row after those before it. One that would take another's address, or leave neither address nor number, is refused. */
function heedAll(rows: readonly Row[], before: ReadonlyMap<string, Standing>, faults: Map<number, Fault>, owners: Map<string, string>) {
  const after = new Map<string, Standing>();
  const changedBy = new Set<number>();
  for (const { n, id: leadId, told, accountId } of rows) {
    const stands = after.get(leadId!) ?? before.get(leadId!)!;
    const next = { ...heedLead(stands, told, accountId), slot: stands.slot, domain: stands.domain };
    const owner = told.email ? owners.get(told.email) : undefined;
    if (owner !== undefined && owner !== leadId) {
      faults.set(n, twoLeads(leadId!, owner));
      continue;
    }
    if (!next.email && !next.phone) {
      faults.set(n, invalid('email', 'may not be cleared: there is no phone', 'A lead needs an email or a phone: neither would remain'));
      continue;
    }
    if (told.email) owners.set(told.email, leadId!);
    if (changedFields(stands, next).length > 0) changedBy.add(n);
    after.set(leadId!, next);
  }
  return { after, changedBy };
}

async function note(
  tx: Queryable,
  system: string,
  changed: readonly (readonly [string, Standing])[],
  before: ReadonlyMap<string, Standing>,
): Promise<void> {
  await writeJournal(
    tx,
    changed.map(([id, next]) => ({
      kind: 'lead_told' as const,
      leadId: id,
      because: { origin: system, fields: changedFields(before.get(id)!, next) },
    })),
  );
}
