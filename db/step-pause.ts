import type { Queryable } from './pool.ts';

/** Whether any version of the campaign has this step. */
export async function hasStep(tx: Queryable, campaignId: string, stepId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from campaign_version where campaign_id = $1 and jsonb_path_exists(body, '$.**.id ? (@ == $step)', jsonb_build_object('step', $2::text)) limit 1`,
    [campaignId, stepId],
  );
  return rowCount === 1;
}

/** Stops one step: who is on it waits, the others go on. False when it is stopped already. */
export async function pauseStep(tx: Queryable, campaignId: string, stepId: string): Promise<boolean> {
  const { rowCount } = await tx.query('insert into step_pause (campaign_id, step_id) values ($1, $2) on conflict do nothing', [
    campaignId,
    stepId,
  ]);
  return rowCount === 1;
}

/**
 * Lets a step go on: who waited on it is looked at at once, and the mails that the last look put off for its sake may leave; others keep the place that
 * the throttle gave them. False when it was not stopped.
 */
export async function resumeStep(tx: Queryable, campaignId: string, stepId: string): Promise<boolean> {
  const { rows } = await tx.query<{ pausedAt: Date }>(
    'delete from step_pause where campaign_id = $1 and step_id = $2 returning paused_at as "pausedAt"',
    [campaignId, stepId],
  );
  if (!rows[0]) return false;
  await tx.query(
    `insert into wake (campaign_id, slot, enrolment_id)
     select campaign_id, slot, id from enrolment where campaign_id = $1 and step_id = $2 and state = 'active' order by id`,
    [campaignId, stepId],
  );
  await tx.query(
    `update send s set due_at = clock()
      where s.campaign_id = $1 and s.step_id = $2 and s.state = 'queued' and s.due_at > clock()
        and exists (select from journal j where j.lead_id = s.lead_id and j.enrolment_id = s.enrolment_id and j.at >= $3 and j.step_id = $2 and j.because ->> 'rule' = 'step_paused')`,
    [campaignId, stepId, rows[0].pausedAt],
  );
  return true;
}

/** The steps of a campaign that are stopped, and since when. */
export async function pausedSteps(tx: Queryable, campaignId: string): Promise<{ stepId: string; pausedAt: Date }[]> {
  const { rows } = await tx.query<{ stepId: string; pausedAt: Date }>(
    'select step_id as "stepId", paused_at as "pausedAt" from step_pause where campaign_id = $1 order by step_id',
    [campaignId],
  );
  return rows;
}
