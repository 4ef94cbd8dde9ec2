import type { TaskFact } from '../../domain/tasks/task.ts';
import type { StepFactLoader } from './index.ts';

/** The task each waits for: its own, or the one its company has for this step. */
export const task: StepFactLoader<'task'> = async (tx, subjects) => {
  const found = new Map<number, TaskFact>();
  const waiting = subjects.flatMap((subject, n) => (subject.waiting?.startsWith('task:') ? [{ ...subject, n }] : []));
  if (waiting.length > 0) {
    const { rows } = await tx.query<TaskFact & { n: number }>(
      `select w.n, t.state, t.outcome, t.created_at as "createdAt", t.closed_at as "closedAt"
         from unnest($1::int[], $2::text[], $3::uuid[], $4::uuid[], $5::text[]) as w (n, task_key, lead_id, campaign_id, step_id)
         join lead l on l.id = w.lead_id
         cross join lateral (
           select * from task
            where task_key = any(array[w.task_key, 'account/' || l.account_id || '/' || w.campaign_id || '/' || w.step_id])
            order by created_at desc limit 1) t`,
      [
        waiting.map((one) => one.n),
        waiting.map((one) => one.waiting!.slice('task:'.length)),
        waiting.map((one) => one.leadId),
        waiting.map((one) => one.campaignId),
        waiting.map((one) => one.stepId),
      ],
    );
    for (const { n, ...fact } of rows) found.set(n, fact);
  }
  return subjects.map((_, n) => found.get(n) ?? null);
};
