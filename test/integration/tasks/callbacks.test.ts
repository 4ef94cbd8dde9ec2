import { expect, test } from 'vitest';
import { taskChores } from '../../../activities/tasks.ts';
import { putDocument } from '../../../db/documents.ts';
import { inTransaction } from '../../../db/pool.ts';
import { mailOfTests } from '../../support/nurture.ts';
import { bodyOf } from '../../support/sales.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const MONDAY = '2026-03-02T09:00:00Z';

const rules = {
  rules: [
    {
      key: 'after-delivery',
      on: { record: 'order', status: 'delivered' },
      after: '7d',
      once: 'account',
      task: { title: 'Ask how the pumps run' },
    },
    {
      key: 'after-service',
      on: { record: 'case', status: 'closed' },
      from: 'visited_at',
      after: '2bd',
      task: { title: 'Ask whether all is well', due: '4h', remindBefore: '1h', outcomes: ['content', 'unhappy'] },
    },
  ],
};

interface Task {
  id: string;
  title: string;
  state: string;
  source: string;
  kind: string;
  details: string;
  owner: { key: string };
  lead: unknown;
  account: { domain: string };
  outcomes: string[];
}

async function chores(firm: Workspace): Promise<Task[]> {
  for (const chore of taskChores(mailOfTests)) await inTransaction(firm.pool, (tx) => chore.run(tx));
  return (await bodyOf<{ items: Task[] }>(firm.get('/v1/tasks'))).items;
}

const order = (firm: Workspace, number: string, status: string, more: object = {}) =>
  firm.put(`/v1/records/order/${number}`, {
    account: { domain: 'huadong.example', name: 'Huadong' },
    products: ['CX-200'],
    status,
    ...more,
  });

test('a call a week after a delivery, for who has the company: once however often it is told, called off when the order comes back', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY, documents: { callbacks: { default: rules } } });
  await order(firm, '4711', 'sent');
  await firm.pool.query(`update account set owner_rep_id = (select id from rep where key = 'ben')`);
  await firm.jump('1d');
  await order(firm, '4711', 'delivered');
  await order(firm, '4711', 'delivered', { amount: 100, currency: 'EUR' });
  await order(firm, '4712', 'delivered');
  await firm.jump('6d');
  expect(await chores(firm)).toEqual([]);
  await firm.jump('1d');
  // The company is called once, though two orders came.
  const [task, ...more] = await chores(firm);
  expect(more).toEqual([]);
  expect(task).toMatchObject({
    title: 'Ask how the pumps run',
    kind: 'call',
    source: 'callback',
    owner: { key: 'ben' },
    lead: null,
    account: { domain: 'huadong.example' },
    outcomes: ['reached', 'left_message', 'no_answer', 'wrong_number', 'not_interested', 'done'],
  });
  expect(task!.details).toMatch(/^order 471[12]: delivered \(CX-200\)$/);
  expect(await chores(firm)).toHaveLength(1);

  // One of the two is sent back: the other is reason enough. Both: the call is pointless.
  await order(firm, '4711', 'returned');
  expect(await chores(firm)).toMatchObject([{ state: 'open' }]);
  await order(firm, '4712', 'returned');
  expect(await chores(firm)).toMatchObject([{ state: 'cancelled' }]);

  // Delivered anew: another call.
  await order(firm, '4712', 'delivered');
  await firm.jump('7d');
  expect(await chores(firm)).toMatchObject([{ state: 'cancelled' }, { state: 'open', owner: { key: 'ben' } }]);
});

test('a call after service counts from the visit, moves with it, and follows a new version of the rules without flooding anybody', async () => {
  const firm = await workspace({ reps: ['ana'], at: MONDAY });
  const served = (number: string, visited_at: string) =>
    firm.put(`/v1/records/case/${number}`, { email: `${number}@huadong.example`, status: 'closed', dates: { visited_at } });
  await served('old', '2026-02-02');
  await served('new', '2026-03-02');
  await firm.jump('1h');
  await putDocument(firm.pool, 'callbacks', 'default', rules);
  await chores(firm);
  const planned = async () =>
    (await firm.pool.query<{ due: Date; state: string }>('select due_at as due, state from callback order by due_at')).rows.map(
      ({ due, state }) => [due.toISOString(), state],
    );
  expect(await planned()).toEqual([['2026-03-04T00:00:00.000Z', 'armed']]);
  await served('new', '2026-03-05');
  expect(await planned()).toEqual([['2026-03-09T00:00:00.000Z', 'armed']]);
  expect(await firm.jumpToNext()).toBe(true);
  await firm.jump('2026-03-09T10:00:00Z');
  expect(await chores(firm)).toMatchObject([
    { title: 'Ask whether all is well', lead: { email: 'new@huadong.example' }, outcomes: ['content', 'unhappy', 'done'] },
  ]);
  // An hour before it is due, a reminder.
  await firm.jump('2026-03-09T13:00:00Z');
  await chores(firm);
  const { rows: mails } = await firm.pool.query<{ kind: string }>(
    `select params ->> 'kind' as kind from send where template = 'task' order by queued_at, id`,
  );
  expect(mails.map(({ kind }) => kind)).toEqual(['new', 'soon']);

  // No rule any more: what was planned is called off.
  await served('third', '2026-03-09');
  await putDocument(firm.pool, 'callbacks', 'default', { rules: [] });
  await chores(firm);
  expect((await planned()).map(([, state]) => state)).toEqual(['opened', 'cancelled']);
});
