import { attributesTold, noteAccounts } from './lead-changes.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, type Woken, wakeLeads } from './wakes.ts';

/** What was told of a lead's company; of the account of `domain`, where one was told. */
export interface CompanyTraits {
  leadId: string;
  domain: string | null;
  traits: Record<string, unknown>;
}

/** Adds traits to accounts, later ones over earlier, and wakes the leads of those that changed by it, which is in the journal. */
export async function storeCompanyTraits(tx: Queryable, told: readonly CompanyTraits[]): Promise<{ slots: number[]; woken: Woken[] }> {
  const some = told.filter(({ traits }) => Object.keys(traits).length > 0);
  if (some.length === 0) return { slots: [], woken: [] };
  const { rows } = await tx.query<{ id: string; slot: number }>(
    `with told as (select * from unnest($1::uuid[], $2::text[], $3::jsonb[]) with ordinality as t (lead_id, domain, traits, n)),
     trait as (
       select coalesce(d.id, l.account_id) as account_id, e.key, e.value, t.n
         from told t join lead l on l.id = t.lead_id left join account d on d.domain = t.domain cross join lateral jsonb_each(t.traits) as e),
     merged as (select account_id, jsonb_object_agg(key, value order by n) as traits from trait where account_id is not null group by account_id),
     changed as (
       update account a set attributes = a.attributes || m.traits from merged m
        where a.id = m.account_id and a.attributes is distinct from a.attributes || m.traits
       returning a.id, ${attributesTold} as fields),
     noted as (${noteAccounts('changed')})
     select l.id, l.slot from lead l join changed c on c.id = l.account_id`,
    [some.map(({ leadId }) => leadId), some.map(({ domain }) => domain), some.map(({ traits }) => JSON.stringify(traits))],
  );
  const leads = rows.map(({ id }) => id).toSorted();
  await lockLeads(tx, leads);
  return { slots: rows.map(({ slot }) => slot), woken: await wakeLeads(tx, leads) };
}
