import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { lockLeads } from './wakes.ts';

/**
 * Whether it is followed what this person does with our mail. Switched off, what is not judged yet is forgotten, what already counted stays; links in
 * mails that have left lead on, and nothing is noted. Answers false when it stood so already.
 */
export async function setTracking(tx: Queryable, leadId: string, on: boolean): Promise<boolean> {
  await lockLeads(tx, [leadId]);
  const { rowCount } = await tx.query(
    `update lead set untracked_at = case when $2 then null else clock() end, updated_at = clock() where id = $1 and (untracked_at is null) <> $2`,
    [leadId, on],
  );
  if (rowCount === 0) return false;
  if (!on) await tx.query('delete from hit where lead_id = $1 and judge_at_real is not null', [leadId]);
  await writeJournal(tx, [{ kind: on ? 'tracking_on' : 'tracking_off', leadId, because: { rule: 'lead_tracking' } }]);
  return true;
}
