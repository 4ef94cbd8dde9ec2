import { type Loop, loopsAfter } from '../domain/loops.ts';
import { guestAfter, type GuestState } from '../domain/occasions/guest.ts';
import { type NewEvent, storeEvents } from './events.ts';
import { tellingGround } from './occasions.ts';
import type { Queryable } from './pool.ts';
import { lockLeads } from './wakes.ts';
import { slotsOf } from './woken-loops.ts';

/** What one row of a guest list tells. */
export interface GuestTold {
  leadId: string;
  state: GuestState;
  /** When it happened; null: now. */
  at: Date | null;
}

export interface GuestsTold {
  /** How many reached a new state, by that state. */
  changed: Record<GuestState, number>;
  /** To poke after the commit. */
  loops: Loop[];
}

/**
 * Writes what a list tells of the guests of an occasion, in its order; the same list again changes nothing. Each state that somebody reaches is an
 * event of that name with the property `occasion`: campaigns enter and wait by it. A fixed number of statements, whatever the length.
 */
export async function tellGuests(
  tx: Queryable,
  occasion: { id: string; key: string; name: string; kind: string },
  told: readonly GuestTold[],
): Promise<GuestsTold> {
  const { now, ranges } = await tellingGround(tx);
  const leadIds = [...new Set(told.map((one) => one.leadId))].toSorted();
  await lockLeads(tx, leadIds);
  const { rows } = await tx.query<{ leadId: string; state: GuestState }>(
    'select lead_id as "leadId", state from occasion_guest where occasion_id = $1 and lead_id = any($2::uuid[])',
    [occasion.id, leadIds],
  );
  const states = new Map(rows.map((row) => [row.leadId, row.state]));
  const reached = new Map<string, GuestTold & { at: Date }>();
  const events: NewEvent[] = [];
  for (const { leadId, state, at } of told) {
    const before = states.get(leadId) ?? null;
    const after = guestAfter(before, state);
    if (after === before) continue;
    const when = at && at < now ? at : now;
    states.set(leadId, after);
    reached.set(leadId, { leadId, state: after, at: when });
    const properties = { occasion: occasion.key, occasion_name: occasion.name, occasion_kind: occasion.kind };
    events.push({ leadId, name: after, source: 'occasion', at: when, properties });
  }
  await writeGuests(tx, occasion.id, [...reached.values()]);
  const { woken, candidates } = await storeEvents(tx, events);
  const slots = await slotsOf(tx, [...reached.keys()]);
  const count = (state: GuestState): number => [...reached.values()].filter((one) => one.state === state).length;
  return {
    changed: { invited: count('invited'), registered: count('registered'), attended: count('attended'), no_show: count('no_show') },
    loops: loopsAfter(ranges, slots, [...woken, ...candidates]),
  };
}

async function writeGuests(tx: Queryable, occasionId: string, guests: readonly (GuestTold & { at: Date })[]): Promise<void> {
  if (guests.length === 0) return;
  const sorted = guests.toSorted((a, b) => (a.leadId < b.leadId ? -1 : 1));
  await tx.query(
    `insert into occasion_guest (occasion_id, lead_id, state, at)
     select $1, lead_id, state, at from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as g (lead_id, state, at)
     on conflict (occasion_id, lead_id) do update set state = excluded.state, at = excluded.at`,
    [occasionId, sorted.map((one) => one.leadId), sorted.map((one) => one.state), sorted.map((one) => one.at)],
  );
}
