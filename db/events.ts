import { type Implied, impliedBy, noteImplied } from './implied-consents.ts';
import type { Queryable } from './pool.ts';
import { enrolmentsOf, type Woken } from './wakes.ts';

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

const MOST_PREPARED = 100;

/**
 * Appends events and everything that follows from them: a wake for each active enrolment that looks at their leads, a rescore, a candidate
 * for each live campaign whose entry they match, the consent they imply. The caller holds `lockLeads` on their leads. One statement, whatever the number
 * of events: a form or a call is mostly round trips. It is kept prepared for what comes together from forms and calls, where to plan it would be a sixth
 * of the work; a larger batch is planned for its own size.
 */
export async function storeEvents(tx: Queryable, events: readonly NewEvent[]): Promise<StoredEvents> {
  if (events.length === 0) return { ids: [], woken: [], candidates: [] };
  const known = [...new Set(events.flatMap((e) => (e.leadId ? [e.leadId] : [])))].toSorted();
  const { rows } = await tx.query<StoredEvents & { implied: Implied[] | null }>({
    ...(events.length <= MOST_PREPARED && { name: 'store-events' }),
    text: `with given as materialized (
       select uuidv7() as id, e.lead_id, e.anonymous_id, e.name, e.source, coalesce(e.at, (select clock())) as at, e.properties, e.context, e.n
         from rows from (unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]), jsonb_array_elements($6), jsonb_array_elements($7))
           with ordinality as e (lead_id, anonymous_id, name, source, at, properties, context, n)),
     stored as (
       insert into event (id, lead_id, anonymous_id, name, source, at, received_at, properties, context)
       select id, lead_id, anonymous_id, name, source, at, (select clock()), properties, context from given),
     entering as (
       insert into candidate (campaign_id, slot, lead_id, position, event_id, event_at, properties, needs_score, at)
       select c.campaign_id, l.slot, l.id, c.position, e.id, e.at, e.properties, c.needs_score, (select clock())
         from given e join lead l on l.id = e.lead_id join campaign_entry c on c.event = e.name and e.properties @> c.match order by e.n, c.position
       returning campaign_id, slot),
     rescored as (insert into score_wake (lead_id, slot, at) select id, slot, (select clock()) from lead where id = any($8::uuid[]) order by id),
     looking as materialized (${enrolmentsOf('$8')}),
     woken as (insert into wake (campaign_id, slot, enrolment_id) select campaign_id, slot, id from looking order by id)
     select (select json_agg(id order by n) from given) as ids,
            (select coalesce(json_agg(json_build_object('campaignId', campaign_id, 'slot', slot)), '[]') from entering) as candidates,
            (select coalesce(json_agg(json_build_object('campaignId', campaign_id, 'slot', slot, 'runId', run_id)), '[]') from looking) as woken,
            ${impliedBy('given')} as implied`,
    values: [
      events.map((e) => e.leadId),
      events.map((e) => e.anonymousId ?? null),
      events.map((e) => e.name),
      events.map((e) => e.source),
      events.map((e) => e.at ?? null),
      JSON.stringify(events.map((e) => e.properties ?? {})),
      JSON.stringify(events.map((e) => e.context ?? {})),
      known,
    ],
  });
  const { implied, ...stored } = rows[0]!;
  if (implied) await noteImplied(tx, implied);
  return stored;
}
