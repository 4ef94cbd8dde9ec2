import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, wakeLeads, type Woken } from './wakes.ts';

/** Whether a lead `l` is paused at this moment. */
export const leadPaused = 'l.paused_at is not null and coalesce(l.paused_until > (select clock()), true)';

/**
 * Stops marketing to one person, until an instant or (null) until it is resumed: queued mail waits, campaigns' clocks run on. A second pause sets
 * the new end. Answers the enrolments woken, to poke after the commit.
 */
export async function pauseLead(tx: Queryable, leadId: string, until: Date | null): Promise<Woken[]> {
  await lockLeads(tx, [leadId]);
  await tx.query(
    `update lead l set paused_at = case when ${leadPaused} then l.paused_at else clock() end, paused_until = $2, updated_at = clock() where id = $1`,
    [leadId, until],
  );
  await writeJournal(tx, [{ kind: 'marketing_paused', leadId, because: { rule: 'lead_pause', until } }]);
  return wakeLeads(tx, [leadId], { rescore: false });
}

/**
 * Marketing goes on: what is held asks again at once, and queued mail is looked at anew. Answers the enrolments woken, to poke after the commit with the
 * lane of marketing; null when the lead was not paused.
 */
export async function resumeLead(tx: Queryable, leadId: string): Promise<Woken[] | null> {
  await lockLeads(tx, [leadId]);
  const { rowCount } = await tx.query(
    `update lead l set paused_at = null, paused_until = null, updated_at = clock() where id = $1 and ${leadPaused}`,
    [leadId],
  );
  if (rowCount === 0) return null;
  // The last look put them off for as long as the pause was to last; it finds their window anew.
  await tx.query(`update send set due_at = clock() where lead_id = $1 and class = 'marketing' and state = 'queued' and due_at > clock()`, [
    leadId,
  ]);
  await writeJournal(tx, [{ kind: 'marketing_resumed', leadId, because: { rule: 'lead_pause' } }]);
  return wakeLeads(tx, [leadId], { rescore: false });
}
