import { accountKeysOf, areDifferent, type Identity, identitiesOf, type NewPerson, wholeName } from '../domain/identity/person.ts';
import { type AccountOf, storeAccounts } from './accounts.ts';
import { findKnown, type Known, type KnownLead } from './identities.ts';
import { fieldsTold, noteLeads } from './lead-changes.ts';
import { personColumns } from './lead-columns.ts';
import type { Queryable } from './pool.ts';
import { lockLeads } from './wakes.ts';

export type { NewPerson } from '../domain/identity/person.ts';

export interface UpsertedLead {
  leadId: string;
  slot: number;
  created: boolean;
}

type Match = { lead: KnownLead } | { draft: number };

/**
 * Finds or makes the lead of each person: by email, else by user id, else by phone, else (where nothing better is given) by
 * anonymous id. A phone whose lead has another email and another name is a shared number and finds nobody. Known values
 * are replaced by newer ones but never blanked; an email is never replaced, a second one becomes another identity. `test` says
 * what the first who named the lead said: nothing that comes in later hides a real lead or makes a test real. The leads are
 * locked afterwards, as by `lockLeads`; waking them is the caller's. Whoever inserts an identity first names the lead; who comes
 * second gets a serialization failure, which `inTransaction` retries. Answers in the order given; null for a person without
 * email or phone whom nobody knows. Two to five statements, whatever the number of people.
 */
export async function upsertLeads(tx: Queryable, people: readonly NewPerson[]): Promise<(UpsertedLead | null)[]> {
  if (people.length === 0) return [];
  const keys = people.map(accountKeysOf);
  const known = await findKnown(tx, people, keys);
  const { matches, drafts } = match(people, known);
  const accounts = await storeAccounts(tx, people, keys, known);
  const facts = people.map((person, i) => ({ ...person, ...accounts[i]! }));

  const found = new Map<string, Merged>();
  matches.forEach((m, i) => m && 'lead' in m && found.set(m.lead.id, merge(found.get(m.lead.id), facts[i]!)));
  const made = drafts.map((members) => members.reduce<Merged | undefined>((all, i) => merge(all, facts[i]!), undefined)!);
  if (found.size > 0) await updateLeads(tx, found);
  const created = made.length > 0 ? await createLeads(tx, made, known) : [];

  return matches.map((m) => {
    if (!m) return null;
    if ('lead' in m) return { leadId: m.lead.id, slot: m.lead.slot, created: false };
    return { ...created[m.draft]!, created: true };
  });
}

/** Which lead each person is: one that is known, or one of the drafts (people of the batch who are one person). */
function match(people: readonly NewPerson[], known: Known): { matches: (Match | null)[]; drafts: number[][] } {
  const byIdentity = new Map<string, Match>(known.leads.map((lead) => [`${lead.kind} ${lead.value}`, { lead }]));
  const drafts: number[][] = [];
  const matches = people.map((person, i): Match | null => {
    const keys = identitiesOf(person).map(({ kind, value }) => `${kind} ${value}`);
    const named = keys.filter((key) => !key.startsWith('anonymous '));
    const sharesNumberOnly = (key: string, m: Match) =>
      key.startsWith('phone ') && areDifferent(withName(person), 'lead' in m ? m.lead : withName(people[drafts[m.draft]![0]!]!));
    let hit: Match | undefined;
    for (const key of named) {
      const m = byIdentity.get(key);
      if (m && !sharesNumberOnly(key, m)) hit ??= m;
    }
    if (!hit && !person.email && !person.phone) hit = keys.map((key) => byIdentity.get(key)).find(Boolean);
    if (!hit && !person.email && !person.phone) return null;
    const settled: Match = hit ?? { draft: drafts.push([]) - 1 };
    if ('draft' in settled) drafts[settled.draft]!.push(i);
    for (const key of named) if (!byIdentity.has(key)) byIdentity.set(key, settled);
    return settled;
  });
  return { matches, drafts };
}

type Facts = NewPerson & AccountOf;
type Merged = Facts & { identities: Identity[] };

const withName = (person: NewPerson) => ({ email: person.email, name: wholeName(person) });

/** The later of two says more, where it says something. */
function merge(earlier: Merged | undefined, later: Facts): Merged {
  const said = Object.fromEntries(
    Object.entries(later).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as Facts;
  return {
    ...earlier,
    ...said,
    accountId: earlier?.accountId ?? later.accountId,
    accountHintId: later.accountHintId ?? earlier?.accountHintId ?? null,
    email: earlier?.email ?? later.email,
    attributes: { ...earlier?.attributes, ...withoutBlanks(later.attributes) },
    tags: [...new Set([...(earlier?.tags ?? []), ...(later.tags ?? [])])],
    firstTouch: earlier?.firstTouch ?? later.firstTouch,
    test: (earlier ?? later).test ?? false,
    identities: [...(earlier?.identities ?? []), ...identitiesOf(later)],
  };
}

function withoutBlanks(attributes: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined && value !== ''));
}

const columns = `n int, id uuid, email text, phone text, "firstName" text, "lastName" text, name text, title text, company text, country text, timezone text,
  locale text, "accountId" uuid, "accountHintId" uuid, attributes jsonb, tags jsonb, "firstTouch" jsonb, "lastTouch" jsonb, test boolean`;

function row(person: Merged, n: number, id?: string) {
  const { identities: _, userId: __, anonymousId: ___, website: ____, ...rest } = person;
  return { ...rest, name: wholeName(rest), n, id };
}

function flatIdentities(people: readonly Merged[]) {
  const seen = new Set<string>();
  const flat = people.flatMap((person, n) => person.identities.map(({ kind, value }) => ({ n, kind, value })));
  return flat.filter(({ kind, value }) => !seen.has(`${kind} ${value}`) && seen.add(`${kind} ${value}`));
}

/** Inserts drafts with those of their identities that nobody holds. */
async function createLeads(tx: Queryable, drafts: readonly Merged[], known: Known): Promise<{ leadId: string; slot: number }[]> {
  const identities = flatIdentities(drafts);
  const { rows } = await tx.query<{ n: number; id: string; slot: number; held: number }>({
    name: 'create-leads',
    text: `with person as materialized (select uuidv7() as new_id, p.* from jsonb_to_recordset($1::jsonb) as p (${columns})),
     held as (
       insert into lead_identity (kind, value, lead_id)
       select i.kind, i.value, p.new_id
         from unnest($2::int[], $3::text[], $4::text[]) as i (n, kind, value) join person p using (n) order by i.kind, i.value
       on conflict (kind, value) do update set lead_id = excluded.lead_id where lead_identity.kind = 'anonymous'
       returning lead_id, kind),
     added as (
       insert into lead (id, email, phone, first_name, last_name, name, title, company, country, timezone, locale, account_id, account_hint_id, attributes, tags,
                         first_touch, last_touch, test, created_at, updated_at)
       select new_id, case when exists (select from held where lead_id = new_id and kind = 'email') then email end, phone, "firstName", "lastName", name,
              title, company, country, timezone, locale, "accountId", "accountHintId", coalesce(attributes, '{}'),
              array(select jsonb_array_elements_text(tags)), "firstTouch", "lastTouch", coalesce(test, false), (select clock()), (select clock())
         from person where exists (select from held where lead_id = new_id)
       returning id, slot)
     select p.n, a.id, a.slot, coalesce(h.named, 0) as held
       from added a join person p on p.new_id = a.id
       left join (select lead_id, count(*)::int as named from held where kind <> 'anonymous' group by lead_id) h on h.lead_id = a.id
      order by p.n`,
    values: [
      JSON.stringify(drafts.map((person, n) => row(person, n))),
      identities.map((i) => i.n),
      identities.map((i) => i.kind),
      identities.map((i) => i.value),
    ],
  });
  const taken = new Set(known.leads.map(({ kind, value }) => `${kind} ${value}`));
  const free = identities.filter(({ kind, value }) => kind !== 'anonymous' && !taken.has(`${kind} ${value}`));
  if (rows.length < drafts.length || rows.reduce((sum, lead) => sum + lead.held, 0) < free.length) throw beaten();
  return rows.map(({ id, slot }) => ({ leadId: id, slot }));
}

/** One of the identities was free and has been taken meanwhile. The whole transaction begins again, for what it holds blocks the other. */
function beaten(): Error {
  return Object.assign(new Error('An identity was taken by somebody else at the same moment'), { code: '40001' });
}

/** What others are told when it has changed; not by which way somebody came the last time. */
const TOLD = [...Object.values(personColumns), 'account_id'];

/** Adds what is new to leads that exist: values, identities nobody holds yet, the account where none was known. Whoever is other than before has it in the journal. */
async function updateLeads(tx: Queryable, people: ReadonlyMap<string, Merged>): Promise<void> {
  const ordered = [...people].map(([id, person]) => ({ id, person })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const identities = flatIdentities(ordered.map(({ person }) => person));
  await lockLeads(
    tx,
    ordered.map(({ id }) => id),
  );
  await tx.query({
    name: 'update-leads',
    text: `with person as materialized (select * from jsonb_to_recordset($1::jsonb) as p (${columns})),
     held as (
       insert into lead_identity (kind, value, lead_id)
       select i.kind, i.value, p.id
         from unnest($2::int[], $3::text[], $4::text[]) as i (n, kind, value) join person p using (n) order by i.kind, i.value
       on conflict (kind, value) do update set lead_id = excluded.lead_id
             where lead_identity.kind = 'anonymous' and lead_identity.lead_id <> excluded.lead_id
       returning lead_id, kind, value),
     updated as (
       update lead l
          set email = coalesce(l.email, (select h.value from held h where h.lead_id = l.id and h.kind = 'email' order by h.value limit 1)),
              phone = coalesce(p.phone, l.phone),
              first_name = coalesce(p."firstName", l.first_name),
              last_name = coalesce(p."lastName", l.last_name),
              name = coalesce(p.name, l.name),
              title = coalesce(p.title, l.title),
              company = coalesce(p.company, l.company),
              country = coalesce(p.country, l.country),
              timezone = coalesce(p.timezone, l.timezone),
              locale = coalesce(p.locale, l.locale),
              account_id = coalesce(l.account_id, p."accountId"),
              account_hint_id = case when p."accountHintId" is distinct from l.account_id then coalesce(p."accountHintId", l.account_hint_id) else l.account_hint_id end,
              attributes = l.attributes || coalesce(p.attributes, '{}'),
              tags = array(select distinct t from unnest(l.tags || array(select jsonb_array_elements_text(p.tags))) as t order by t),
              first_touch = coalesce(l.first_touch, p."firstTouch"),
              last_touch = coalesce(p."lastTouch", l.last_touch),
              updated_at = clock()
         from person p where l.id = p.id
       returning l.id, ${fieldsTold(TOLD)} || case when old.tags @> new.tags then '{}'::text[] else '{tags}' end as fields)
     ${noteLeads('updated')}`,
    values: [
      JSON.stringify(ordered.map(({ id, person }, n) => row(person, n, id))),
      identities.map((i) => i.n),
      identities.map((i) => i.kind),
      identities.map((i) => i.value),
    ],
  });
}
