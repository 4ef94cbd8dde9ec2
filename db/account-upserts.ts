import { type AccountStanding, type AccountTold, heedAccount, readAccount } from '../domain/crm/account.ts';
import type { Fault, Heard } from '../domain/crm/common.ts';
import { changedFields } from '../domain/crm/lead.ts';
import { accountNameKey } from '../domain/identity/company.ts';
import type { Loop } from '../domain/loops.ts';
import { findByExternalId, nameKey, againIfTaken, namedMeanwhile, noteExternalIds } from './external-ids.ts';
import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { noteConflictsOf } from './routing/conflicts.ts';
import { type Given, heardOf, heeded, invalid, newNames, readRows, type ToldRow } from './told-rows.ts';
import { lockLeads, wakeLeads } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

type Row = ToldRow<AccountTold>;

/**
 * Writes what another system tells of companies, as `upsertTold` does of people: the id decides, else the domain; a company that is unknown is made, by
 * its domain or its name alone. Everybody of a company that has changed is looked at again. Run it by `inTransaction`.
 */
export async function upsertAccounts(tx: Queryable, system: string, given: readonly Given[]): Promise<{ heard: Heard[]; loops: Loop[] }> {
  const faults = new Map<number, Fault>();
  const rows = readRows(given, readAccount, faults);
  await refuseStrangers(tx, rows, faults);
  await findAccounts(tx, system, rows, faults);
  await makeUnknown(tx, heeded(rows, faults), faults);

  const alive = heeded(rows, faults);
  const ids = [...new Set(alive.map((row) => row.id!))].toSorted();
  const { rows: people } = await tx.query<{ id: string; slot: number; accountId: string }>(
    'select id, slot, account_id as "accountId" from lead where account_id = any($1::uuid[]) order by id',
    [ids],
  );
  await lockLeads(
    tx,
    people.map(({ id }) => id),
  );
  const before = await standings(tx, ids);
  const { after, changedBy } = heedAll(alive, before, faults, await ownersOfDomains(tx, alive));
  const changed = [...after].filter(([id, next]) => changedFields(before.get(id)!, next).length > 0);
  await write(tx, changed).catch(againIfTaken);
  const reowned = changed.filter(([id, next]) => before.get(id)!.owner !== next.owner).map(([id]) => id);
  const told = await noteConflictsOf(tx, reowned);
  const heard = heeded(rows, faults);
  await noteExternalIds(tx, 'account', newNames(system, heard));
  const created = new Set(heard.filter((row) => row.made).map((row) => row.id!));
  await writeJournal(
    tx,
    changed
      .filter(([id]) => !created.has(id))
      .map(([id, next]) => ({
        kind: 'account_told' as const,
        leadId: null,
        because: { account: id, origin: system, fields: changedFields(before.get(id)!, next) },
      })),
  );
  const touched = new Set(changed.map(([id]) => id));
  const concerned = people.filter(({ accountId }) => touched.has(accountId));
  const woken = await wakeLeads(
    tx,
    concerned.map(({ id }) => id),
  );
  const loops = await wokenLoops(
    tx,
    woken,
    concerned.map(({ slot }) => slot),
  );
  const results = heardOf(given, rows, faults, changedBy);
  return { heard: results, loops: told ? [...loops, { kind: 'delivery', lane: 'internal' }] : loops };
}

/** Owners that are no reps. */
async function refuseStrangers(tx: Queryable, rows: readonly Row[], faults: Map<number, Fault>): Promise<void> {
  const named = rows.flatMap(({ told }) => told.owner ?? []);
  if (named.length === 0) return;
  const { rows: reps } = await tx.query<{ key: string }>('select key from rep where key = any($1) and active', [named]);
  const known = new Set(reps.map(({ key }) => key));
  for (const { n, told } of rows)
    if (told.owner && !known.has(told.owner)) faults.set(n, invalid('owner', 'is no active rep', 'It names no rep'));
}

async function findAccounts(tx: Queryable, system: string, rows: readonly Row[], faults: Map<number, Fault>): Promise<void> {
  const byName = await findByExternalId(
    tx,
    'account',
    rows.map(({ externalId }) => ({ system, externalId })),
  );
  const byDomain = await ownersOfDomains(tx, rows);
  for (const row of rows) {
    const named = byName.get(nameKey({ system, externalId: row.externalId })) ?? null;
    const sited = (row.told.domain && byDomain.get(row.told.domain)) || null;
    row.known = named !== null;
    row.id = named ?? sited;
    if (named !== null && sited !== null && named !== sited && !faults.has(row.n)) faults.set(row.n, twoAccounts(named, sited));
  }
}

const twoAccounts = (named: string, sited: string): Fault => ({
  code: 'conflict',
  detail: `The id is that of account ${named}, and the domain that of account ${sited}`,
  issues: [
    { path: 'externalId', reason: `is account ${named}` },
    { path: 'domain', reason: `is account ${sited}`, mend: 'correct one of the two, here or there' },
  ],
});

/** Those that nobody knows, each domain once; one without a domain is known by its id alone. */
async function makeUnknown(tx: Queryable, rows: readonly Row[], faults: Map<number, Fault>): Promise<void> {
  const drafts = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.id !== null) continue;
    if (row.told.domain || row.told.name) {
      const key = row.told.domain ? `domain ${row.told.domain}` : `row ${row.n}`;
      drafts.set(key, [...(drafts.get(key) ?? []), row]);
    } else faults.set(row.n, invalid('name', 'is missing', 'No company is known by this id, and a new one needs a domain or a name'));
  }
  const groups = [...drafts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  if (groups.length === 0) return;
  const { rows: made } = await tx.query<{ id: string; n: number }>(
    `with given as materialized (select uuidv7() as id, g.* from unnest($1::int[], $2::text[], $3::text[], $4::text[]) with ordinality as g (n, domain, name, name_key, place)),
     added as (
       insert into account (id, domain, name, name_key) select id, domain, name, name_key from given order by place on conflict (domain) do nothing returning id)
     select g.id, g.n from given g join added a using (id)`,
    [
      groups.map(([first]) => first!.n),
      groups.map(([first]) => first!.told.domain ?? null),
      groups.map(([first]) => first!.told.name ?? null),
      groups.map(([first]) => accountNameKey(first!.told.name)),
    ],
  );
  if (made.length !== groups.length) throw namedMeanwhile();
  const idOf = new Map(made.map(({ n, id }) => [n, id]));
  for (const group of groups) {
    group.forEach((row, place) => {
      row.id = idOf.get(group[0]!.n)!;
      row.made = place === 0;
    });
  }
}

async function standings(tx: Queryable, ids: readonly string[]): Promise<Map<string, AccountStanding>> {
  const { rows } = await tx.query<AccountStanding & { id: string }>(
    `select a.id, a.domain, a.name, a.country, a.attributes, (select r.key from rep r where r.id = a.owner_rep_id) as owner
       from account a where a.id = any($1::uuid[]) order by a.id for no key update of a`,
    [ids],
  );
  return new Map(rows.map(({ id, ...standing }) => [id, standing]));
}

async function ownersOfDomains(tx: Queryable, rows: readonly Row[]): Promise<Map<string, string>> {
  const { rows: held } = await tx.query<{ domain: string; id: string }>('select domain, id from account where domain = any($1)', [
    rows.flatMap(({ told }) => told.domain ?? []),
  ]);
  return new Map(held.map(({ domain, id }) => [domain, id]));
}

/** Each row after those before it. One that would take another's domain, or leave neither domain nor name, is refused. */
function heedAll(
  rows: readonly Row[],
  before: ReadonlyMap<string, AccountStanding>,
  faults: Map<number, Fault>,
  owners: Map<string, string>,
) {
  const after = new Map<string, AccountStanding>();
  const changedBy = new Set<number>();
  for (const { n, id, told } of rows) {
    const stands = after.get(id!) ?? before.get(id!)!;
    const next = heedAccount(stands, told);
    const owner = told.domain ? owners.get(told.domain) : undefined;
    if (owner !== undefined && owner !== id) {
      faults.set(n, twoAccounts(id!, owner));
      continue;
    }
    if (!next.domain && !next.name) {
      faults.set(n, invalid('name', 'may not be cleared: there is no domain', 'A company needs a domain or a name: neither would remain'));
      continue;
    }
    if (told.domain) owners.set(told.domain, id!);
    if (changedFields(stands, next).length > 0) changedBy.add(n);
    after.set(id!, next);
  }
  return { after, changedBy };
}

async function write(tx: Queryable, changed: readonly (readonly [string, AccountStanding])[]): Promise<void> {
  if (changed.length === 0) return;
  await tx.query(
    `update account a
        set domain = g.domain, name = g.name, name_key = g."nameKey", country = g.country, attributes = g.attributes,
            owner_rep_id = (select r.id from rep r where r.key = g.owner)
       from jsonb_to_recordset($1::jsonb) as g (id uuid, domain text, name text, "nameKey" text, country text, attributes jsonb, owner text)
      where a.id = g.id`,
    [JSON.stringify(changed.map(([id, next]) => ({ id, ...next, nameKey: accountNameKey(next.name) })))],
  );
}
