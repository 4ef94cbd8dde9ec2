import type { NewPerson } from '../domain/identity/person.ts';
import { upsertLeads } from './leads.ts';
import type { Queryable } from './pool.ts';
import type { Woken } from './wakes.ts';

/** Who a row of a list names: a lead by id, or a person who may be unknown yet. */
export type Named = { leadId: string } | { person: NewPerson };

/** The leads of a list, in its order: those who are unknown are made; null for an id nobody has. */
export async function leadsOfList(tx: Queryable, named: readonly Named[]): Promise<(string | null)[]> {
  const people = named.flatMap((one, i) => ('person' in one ? [{ i, person: one.person }] : []));
  const made = await upsertLeads(
    tx,
    people.map(({ person }) => person),
  );
  const byPlace = new Map(people.map(({ i }, n) => [i, made[n]?.leadId ?? null]));
  const { rows } = await tx.query<{ id: string }>('select id from lead where id = any($1::uuid[])', [
    named.flatMap((one) => ('leadId' in one ? [one.leadId] : [])),
  ]);
  const known = new Set(rows.map((row) => row.id));
  return named.map((one, i) => ('leadId' in one ? (known.has(one.leadId) ? one.leadId : null) : (byPlace.get(i) ?? null)));
}

/** Puts everybody of a list before a campaign's door, by hand, in its order. Answers whom to poke. */
export async function addListed(
  tx: Queryable,
  campaignId: string,
  listed: readonly { leadId: string; properties: Record<string, unknown> }[],
): Promise<Woken[]> {
  if (listed.length === 0) return [];
  const { rows } = await tx.query<Woken>(
    `with added as (
       insert into candidate (campaign_id, slot, lead_id, event_at, properties)
       select $1, l.slot, l.id, clock(), c.properties from unnest($2::uuid[], $3::jsonb[]) with ordinality as c (lead_id, properties, n)
         join lead l on l.id = c.lead_id order by c.n
       returning campaign_id, slot)
     select distinct campaign_id as "campaignId", slot from added`,
    [campaignId, listed.map((one) => one.leadId), listed.map((one) => JSON.stringify(one.properties))],
  );
  return rows;
}
