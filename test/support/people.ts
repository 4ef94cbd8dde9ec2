import type { Pool } from 'pg';
import { storeEvents } from '../../db/events.ts';
import { type NewPerson, upsertLeads } from '../../db/leads.ts';
import { inTransaction } from '../../db/pool.ts';

/** Makes (or finds) these people and stores one event of each, as intake does. Answers their lead ids, in order. */
export function happen(
  pool: Pool,
  name: string,
  people: readonly NewPerson[],
  properties: Record<string, unknown> = {},
): Promise<string[]> {
  return inTransaction(pool, async (tx) => {
    const leadIds = (await upsertLeads(tx, people)).map((lead) => lead!.leadId);
    await storeEvents(
      tx,
      leadIds.map((leadId) => ({ leadId, name, source: 'test', properties })),
    );
    return leadIds;
  });
}
