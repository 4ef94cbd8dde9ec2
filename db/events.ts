import type { Queryable } from './pool.ts';
import { type Woken, wakeLeads } from './wakes.ts';

/** Something that happened. `at` is workspace time; without a lead it belongs to an anonymous visitor for now. */
export interface NewEvent {
  leadId: string | null;
  anonymousId?: string | null;
  name: string;
  source: string;
  at?: Date | null;
  properties?: Record<string, unknown>;
  context?: Record<string, unknown>;
}

export interface StoredEvents {
  /** In the order given. */
  ids: string[];
  /** Loops to poke after the commit. */
  woken: Woken[];
  candidates: Woken[];
}

/**
 * Appends events and everything that follows from them in the same transaction: a wake for each active enrolment of their
 * leads, a rescore, a candidate for each live campaign whose entry they match. The caller holds `lockLeads` on their leads.
 * One statement each, whatever the number of events.
 */
export async function storeEvents(tx: Queryable, events: readonly NewEvent[]): Promise<StoredEvents> {
  if (events.length === 0) return { ids: [], woken: [], candidates: [] };
  const { rows: stored } = await tx.query<{ id: string }>(
    `with given as (
       select uuidv7() as id, e.* from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::jsonb[])
         with ordinality as e (lead_id, anonymous_id, name, source, at, properties, context, n)),
     stored as (
       insert into event (id, lead_id, anonymous_id, name, source, at, properties, context)
       select id, lead_id, anonymous_id, name, source, coalesce(at, clock()), properties, context from given)
     select id from given order by n`,
    [
      events.map((e) => e.leadId),
      events.map((e) => e.anonymousId ?? null),
      events.map((e) => e.name),
      events.map((e) => e.source),
      events.map((e) => e.at ?? null),
      events.map((e) => JSON.stringify(e.properties ?? {})),
      events.map((e) => JSON.stringify(e.context ?? {})),
    ],
  );
  const ids = stored.map((row) => row.id);
  const known = [...new Set(events.flatMap((e) => (e.leadId ? [e.leadId] : [])))].toSorted();
  const candidates = await insertCandidates(tx, events, ids);
  const woken = await wakeLeads(tx, known);
  return { ids, woken, candidates };
}

async function insertCandidates(tx: Queryable, events: readonly NewEvent[], ids: readonly string[]): Promise<Woken[]> {
  const { rows } = await tx.query<Woken>(
    `insert into candidate (campaign_id, slot, lead_id, position, event_id, event_at, properties, needs_score)
     select c.campaign_id, l.slot, l.id, c.position, e.id, coalesce(e.at, clock()), e.properties, c.needs_score
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::jsonb[]) as e (id, lead_id, name, at, properties)
       join lead l on l.id = e.lead_id
       join campaign_entry c on c.event = e.name and e.properties @> c.match
     returning campaign_id as "campaignId", slot`,
    [
      ids,
      events.map((e) => e.leadId),
      events.map((e) => e.name),
      events.map((e) => e.at ?? null),
      events.map((e) => JSON.stringify(e.properties ?? {})),
    ],
  );
  return rows;
}
