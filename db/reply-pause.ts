import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { stopCampaigns } from './starts.ts';
import { wakeLeads, type Woken } from './wakes.ts';

/** What the owner may say came of an answer, where a campaign waits for it. */
export const CONTINUE = 'continue_campaign';
export const END = 'end_campaign';

/** SQL: the campaign of `e` stands still for the lead of `e`, since they have answered. */
export const answered = (campaignId: string, leadId: string): string =>
  `exists (select from reply_pause p where p.campaign_id = ${campaignId} and p.lead_id = ${leadId})`;

/**
 * Holds a campaign's marketing to a person who has answered it, until the task is closed. Nothing where they are not in it any more. Under `lockLeads`;
 * answers whether it is held now.
 */
export async function pauseForReply(
  tx: Queryable,
  { campaignId, leadId, taskId }: { campaignId: string; leadId: string; taskId: string | null },
): Promise<boolean> {
  const { rows } = await tx.query<{ first: boolean }>(
    `insert into reply_pause as p (campaign_id, lead_id, task_id)
     select $1, $2, $3 where exists (select from enrolment where campaign_id = $1 and lead_id = $2 and state = 'active')
     on conflict (campaign_id, lead_id) do update set task_id = coalesce(excluded.task_id, p.task_id)
     returning xmax = 0 as first`,
    [campaignId, leadId, taskId],
  );
  if (rows[0]?.first) await writeJournal(tx, [{ kind: 'campaign_held', leadId, campaignId, because: { rule: 'replied', task: taskId } }]);
  return rows.length > 0;
}

/** The task about an answer is closed: what it held goes on, or ends where they say so. Under `lockLeads`. Answers the enrolments to poke. */
export async function endPausesOfTask(tx: Queryable, taskId: string, outcome: string | null): Promise<Woken[]> {
  return endPauses(tx, 'task_id', taskId, outcome);
}

/** Everything that this person's answers hold goes on. Under `lockLeads`. */
export async function endPausesOfLead(tx: Queryable, leadId: string): Promise<Woken[]> {
  return endPauses(tx, 'lead_id', leadId, null);
}

async function endPauses(tx: Queryable, by: 'task_id' | 'lead_id', id: string, outcome: string | null): Promise<Woken[]> {
  const { rows } = await tx.query<{ leadId: string; campaignId: string; campaign: string }>(
    `with ended as (delete from reply_pause where ${by} = $1 returning campaign_id, lead_id),
     due as (
       update send s set due_at = clock() from ended e
        where s.lead_id = e.lead_id and s.campaign_id = e.campaign_id and s.class = 'marketing' and s.state = 'queued' and s.due_at > clock())
     select e.lead_id as "leadId", e.campaign_id as "campaignId", c.key as campaign from ended e join campaign c on c.id = e.campaign_id order by c.id`,
    [id],
  );
  if (rows.length === 0) return [];
  await writeJournal(
    tx,
    rows.map(({ leadId, campaignId }) => ({ kind: 'campaign_released', leadId, campaignId, because: { rule: 'replied', outcome } })),
  );
  const because = { rule: 'replied', by: 'answer' };
  if (outcome === END)
    return stopCampaigns(
      tx,
      rows.map(({ leadId, campaign }) => ({ campaignKey: campaign, leadId, because })),
    );
  return wakeLeads(tx, [rows[0]!.leadId], { rescore: false });
}
