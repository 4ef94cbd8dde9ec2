import { expect, test } from 'vitest';
import { inTransaction } from '../../../db/pool.ts';
import { type NewTask, openTasks } from '../../../db/tasks.ts';
import { topics } from '../../support/campaigns.ts';
import { openTask } from '../../support/tasks.ts';
import { workspace } from '../../support/workspace.ts';

test('of many at once, one opens the task of a company, one answers it, and nobody waits in a ring', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana', 'ben'], documents: topics });
  const { pool } = firm;
  const { id } = await openTask(firm);
  const answers = await Promise.all(
    ['done', 'refused', 'done', 'refused'].map((outcome) => firm.post(`/v1/tasks/${id}/done`, { outcome })),
  );
  expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409', '409', '409']);

  const { rows: leads } = await pool.query<{ id: string }>(
    `with firm as (insert into account (name) select 'Firm ' || n from generate_series(1, 3) n returning id)
     insert into lead (email, account_id) select gen_random_uuid() || '@x.example', firm.id from firm, generate_series(1, 4) returning id`,
  );
  const { rows: campaigns } = await pool.query<{ id: string }>('select id from campaign');
  const asked = leads.map((lead): NewTask => ({
    taskKey: `${lead.id}/call/1`,
    title: 'Call',
    to: { who: 'pool', key: 'sales' },
    pool: null,
    leadId: lead.id,
    campaignId: campaigns[0]!.id,
    enrolmentId: null,
    stepId: 'other',
    outcomes: ['done'],
    once: true,
    awaited: false,
    dueAt: new Date('2026-03-04T09:00:00Z'),
    test: false,
  }));
  const orders = [asked, asked.toReversed(), asked.toSpliced(0, 6), asked];
  const opened = await Promise.all(orders.map((tasks) => inTransaction(pool, (tx) => openTasks(tx, tasks))));
  expect(opened.flatMap((one) => one.opened)).toHaveLength(3);
  const { rows } = await pool.query<{ tasks: number }>(`select count(*)::int as tasks from task where step_id = 'other'`);
  expect(rows[0]!.tasks).toBe(3);
});
