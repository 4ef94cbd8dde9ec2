import { toldColumns } from './lead-columns.ts';
import type { Queryable } from './pool.ts';

/** What is to be known of a lead from now on. Null takes an attribute away. */
export interface LeadChange {
  leadId: string;
  set: Record<string, unknown>;
  addTags?: readonly string[];
  removeTags?: readonly string[];
}

/** A lead whose facts are other than before. */
export interface ChangedLead {
  id: string;
  slot: number;
}

/** What of a lead has a column of its own and may be changed like an attribute. */
const OWN = ['first_name', 'last_name', 'name', 'title', 'company', 'country', 'timezone', 'locale', 'buying_role'] as const;
const ACCOUNT_OWN = ['name', 'country'] as const;

/** SQL: the attributes of an updated lead or company that are other than before, as the journal names them. */
export const attributesTold = `array(select 'attributes.' || a.name from jsonb_object_keys(old.attributes || new.attributes) as a (name) where old.attributes -> a.name is distinct from new.attributes -> a.name order by a.name)`;

const names = new Map<string, string>(
  Object.entries({ ...toldColumns, account: 'account_id', owner: 'owner_rep_id' }).map(([field, column]) => [column, field]),
);

/** SQL: which of these columns of an updated row, and of its attributes, are other than before, as the journal names them. */
export const fieldsTold = (columns: readonly string[]): string =>
  `array_remove(array[${columns.map((column) => `case when old.${column} is distinct from new.${column} then '${names.get(column) ?? column}' end`).join(', ')}], null) || ${attributesTold}`;

/** SQL: notes in the journal which fields of these leads (`id`, `fields`) are other than before. */
export const noteLeads = (changed: string): string =>
  `insert into journal (kind, lead_id, because) select 'lead_told', id, jsonb_build_object('fields', fields) from ${changed} where fields <> '{}' order by id`;

/** SQL: notes in the journal which fields of these companies (`id`, `fields`) are other than before. */
export const noteAccounts = (changed: string): string =>
  `insert into journal (kind, because) select 'account_told', jsonb_build_object('account', id, 'fields', fields) from ${changed} where fields <> '{}' order by id`;

/**
 * Writes attributes and tags, the later change of a lead after the earlier. Under `lockLeads`; waking whoever looks at them is the caller's. Answers the
 * leads of whom anything is other than before, which is in the journal.
 */
export async function changeLeads(tx: Queryable, changes: readonly LeadChange[]): Promise<ChangedLead[]> {
  const byLead = new Map<string, { own: Record<string, string | null>; set: Record<string, unknown>; tags: Map<string, boolean> }>();
  for (const { leadId, set, addTags = [], removeTags = [] } of changes) {
    const all = byLead.get(leadId) ?? { own: {}, set: {}, tags: new Map<string, boolean>() };
    byLead.set(leadId, all);
    const { own, rest } = split(set, OWN);
    Object.assign(all.own, own);
    Object.assign(all.set, rest);
    for (const tag of addTags) all.tags.set(tag, true);
    for (const tag of removeTags) all.tags.set(tag, false);
  }
  if (byLead.size === 0) return [];
  const { rows } = await tx.query<ChangedLead>(
    `with change as (select * from jsonb_to_recordset($1::jsonb) as c (id uuid, own jsonb, set jsonb, gone text[], tagged text[], untagged text[])),
     next as (
       select l.id, (l.attributes || c.set) - c.gone as attributes,
              case when c.tagged = '{}' and c.untagged = '{}' then l.tags
                   else array(select t from unnest(l.tags || c.tagged) t where t <> all(c.untagged) group by t order by t) end as tags,
              ${OWN.map((name) => `case when c.own ? '${name}' then c.own ->> '${name}' else l.${name} end as ${name}`).join(', ')}
         from lead l join change c on c.id = l.id),
     updated as (
       update lead l set attributes = n.attributes, tags = n.tags, ${OWN.map((name) => `${name} = n.${name}`).join(', ')}, updated_at = clock()
         from next n
        where l.id = n.id and (l.attributes, l.tags, ${OWN.map((name) => `l.${name}`).join(', ')}) is distinct from (n.attributes, n.tags, ${OWN.map((name) => `n.${name}`).join(', ')})
       returning l.id, l.slot, ${fieldsTold([...OWN, 'tags'])} as fields),
     noted as (${noteLeads('updated')})
     select id, slot from updated`,
    [
      JSON.stringify(
        [...byLead]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([id, { own, set, tags }]) => ({
            id,
            own,
            ...parted(set),
            tagged: [...tags].flatMap(([tag, wanted]) => (wanted ? [tag] : [])),
            untagged: [...tags].flatMap(([tag, wanted]) => (wanted ? [] : [tag])),
          })),
      ),
    ],
  );
  return rows;
}

/**
 * Writes attributes of these leads' companies, in the order given. Under `lockLeads` on everybody of theirs (`colleaguesOf`). Answers everybody whose
 * company is other than before.
 */
export async function changeAccounts(tx: Queryable, changes: readonly Pick<LeadChange, 'leadId' | 'set'>[]): Promise<ChangedLead[]> {
  if (changes.length === 0) return [];
  const accounts = await accountsOf(
    tx,
    changes.map((one) => one.leadId),
  );
  const byAccount = new Map<string, Record<string, unknown>>();
  for (const { leadId, set } of changes) {
    const accountId = accounts.get(leadId);
    if (accountId) byAccount.set(accountId, { ...byAccount.get(accountId), ...set });
  }
  if (byAccount.size === 0) return [];
  const { rows } = await tx.query<ChangedLead>(
    `with change as (select * from jsonb_to_recordset($1::jsonb) as c (id uuid, own jsonb, set jsonb, gone text[])),
     held as materialized (select a.id from account a join change c on c.id = a.id order by a.id for no key update of a),
     next as (
       select a.id, (a.attributes || c.set) - c.gone as attributes,
              ${ACCOUNT_OWN.map((name) => `case when c.own ? '${name}' then c.own ->> '${name}' else a.${name} end as ${name}`).join(', ')}
         from account a join held h on h.id = a.id join change c on c.id = a.id),
     changed as (
       update account a set attributes = n.attributes, ${ACCOUNT_OWN.map((name) => `${name} = n.${name}`).join(', ')}
         from next n
        where a.id = n.id and (a.attributes, ${ACCOUNT_OWN.map((name) => `a.${name}`).join(', ')}) is distinct from (n.attributes, ${ACCOUNT_OWN.map((name) => `n.${name}`).join(', ')})
       returning a.id, ${fieldsTold(ACCOUNT_OWN)} as fields),
     noted as (${noteAccounts('changed')})
     select l.id, l.slot from lead l join changed c on c.id = l.account_id order by l.id`,
    [
      JSON.stringify(
        [...byAccount].map(([id, set]) => {
          const { own, rest } = split(set, ACCOUNT_OWN);
          return { id, own, ...parted(rest) };
        }),
      ),
    ],
  );
  return rows;
}

/** The companies of these leads, by lead; who has none is not there. */
export async function accountsOf(tx: Queryable, leadIds: readonly string[]): Promise<Map<string, string>> {
  if (leadIds.length === 0) return new Map();
  const { rows } = await tx.query<{ leadId: string; accountId: string }>(
    'select id as "leadId", account_id as "accountId" from lead where id = any($1::uuid[]) and account_id is not null',
    [leadIds],
  );
  return new Map(rows.map(({ leadId, accountId }) => [leadId, accountId]));
}

/** These leads and everybody of their companies: whom a change of the company concerns. */
export async function colleaguesOf(tx: Queryable, leadIds: readonly string[]): Promise<string[]> {
  if (leadIds.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>(
    `select id from lead where id = any($1::uuid[]) union select c.id from lead l join lead c on c.account_id = l.account_id where l.id = any($1::uuid[])`,
    [leadIds],
  );
  return rows.map((row) => row.id);
}

/** What has a column of its own, as text, and the rest. */
function split(
  set: Record<string, unknown>,
  columns: readonly string[],
): { own: Record<string, string | null>; rest: Record<string, unknown> } {
  const own: Record<string, string | null> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, to] of Object.entries(set)) {
    if (!columns.includes(name)) rest[name] = to;
    else own[name] = to === null ? null : typeof to === 'string' ? to : JSON.stringify(to);
  }
  return { own, rest };
}

const parted = (set: Record<string, unknown>): { set: Record<string, unknown>; gone: string[] } => ({
  set: Object.fromEntries(Object.entries(set).filter(([, to]) => to !== null)),
  gone: Object.keys(set).filter((name) => set[name] === null),
});
