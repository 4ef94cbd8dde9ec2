import { type AccountKeys, identitiesOf, type NewPerson } from '../domain/identity/person.ts';
import type { Queryable } from './pool.ts';

/** A lead found by one of its identities. */
export interface KnownLead {
  kind: string;
  value: string;
  id: string;
  slot: number;
  email: string | null;
  name: string | null;
}

/** What the database knows of some people: leads by identity, accounts by domain, and accounts of the same name. */
export interface Known {
  leads: KnownLead[];
  /** By domain. `named` is false while nobody has told the company's name. */
  accounts: Map<string, { id: string; named: boolean }>;
  /** The oldest account of each normalised name. */
  hints: Map<string, string>;
}

interface Row extends KnownLead {
  what: 'lead' | 'domain' | 'name';
}

/** SQL: ids of the leads with one of these addresses (a text array), that which they are written to at or any they were known by. */
export const knownBy = (addresses: string): string =>
  `select id from lead where email = any(${addresses}) union select lead_id from lead_identity where kind = 'email' and value = any(${addresses})`;

/** One statement for all the people; `keys` are their accounts', in the same order. */
export async function findKnown(tx: Queryable, people: readonly NewPerson[], keys: readonly AccountKeys[]): Promise<Known> {
  const identities = people.flatMap(identitiesOf);
  const { rows } = await tx.query<Row>({
    name: 'find-known',
    text: `select 'lead' as what, i.kind, i.value, l.id, l.slot, l.email, coalesce(l.name, l.first_name || ' ' || l.last_name) as name
       from unnest($1::text[], $2::text[]) as g (kind, value) join lead_identity i using (kind, value) join lead l on l.id = i.lead_id
     union
     select 'domain', 'domain', domain, id, null, null, name from account where domain = any($3)
     union all
     (select distinct on (name_key) 'name', 'name', name_key, id, null, null, name from account where name_key = any($4) order by name_key, id)`,
    values: [
      identities.map((i) => i.kind),
      identities.map((i) => i.value),
      [...new Set(keys.flatMap((k) => k.domain ?? []))],
      [...new Set(keys.flatMap((k) => k.nameKey ?? []))],
    ],
  });
  return {
    leads: rows.filter((row) => row.what === 'lead'),
    accounts: new Map(rows.filter((row) => row.what === 'domain').map((row) => [row.value, { id: row.id, named: row.name !== null }])),
    hints: new Map(rows.filter((row) => row.what === 'name').map((row) => [row.value, row.id])),
  };
}
