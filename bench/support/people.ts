import type { Pool } from 'pg';
import { storeEvents } from '../../db/events.ts';
import { upsertLeads } from '../../db/leads.ts';
import { inTransaction } from '../../db/pool.ts';

/** Makes `count` leads of `count / 10` firms and has one event happen to each. */
export async function signUp(pool: Pool, count: number, event = 'signed_up'): Promise<void> {
  for (let done = 0; done < count; done += 2_000) {
    const people = Array.from({ length: Math.min(2_000, count - done) }, (_, i) => person(done + i));
    await inTransaction(pool, async (tx) => {
      const leads = await upsertLeads(tx, people);
      await storeEvents(
        tx,
        leads.map((lead) => ({ leadId: lead!.leadId, name: event, source: 'bench' })),
      );
    });
  }
}

/** Whether everybody's score is made. */
export async function areScored(pool: Pool): Promise<boolean> {
  return (await pool.query('select from score_wake limit 1')).rowCount === 0;
}

const person = (n: number) => ({
  email: `p${n}@firm${Math.floor(n / 10)}.example`,
  firstName: `Person${n}`,
  company: `Firm ${Math.floor(n / 10)}`,
  country: 'DE',
  timezone: 'Europe/Berlin',
});
