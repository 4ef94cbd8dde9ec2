import { expect, test } from 'vitest';
import { taskChores } from '../../../activities/tasks.ts';
import { inTransaction } from '../../../db/pool.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look, mailOfTests } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const MONDAY = '2026-03-02T09:00:00Z';
const MEI = 'mei@huadong.example';

const calling = campaignOf({
  steps: [
    {
      id: 'call',
      task: {
        to: 'owner',
        title: 'Call {{lead.first_name}} of {{account.name}}',
        timeout: '5bd',
        onOutcome: { refused: [{ id: 'over', exit: 'refused' }] },
        onTimeout: [{ id: 'late', exit: 'nobody called' }],
      },
    },
    { id: 'end', exit: 'called' },
  ],
});

interface Shown {
  id: string;
  title: string;
  state: string;
  owner: { key: string };
  outcomes: string[];
  outcome: string | null;
  dueAt: string;
  overdue: boolean;
}

const tasksOf = async (firm: Workspace, query = '') => ((await (await firm.get(`/v1/tasks${query}`)).json()) as { items: Shown[] }).items;

async function chores(firm: Workspace): Promise<void> {
  for (const chore of taskChores(mailOfTests)) await inTransaction(firm.pool, (tx) => chore.run(tx));
}

/** Task mails in order: kind, and to whom. */
async function mails(firm: Workspace): Promise<string[]> {
  const { rows } = await firm.pool.query<{ mail: string }>(
    `select s.params ->> 'kind' || ' → ' || r.key as mail from send s join rep r on r.id = s.rep_id where s.template = 'task' order by s.queued_at, s.id`,
  );
  return rows.map(({ mail }) => mail);
}

test('a task goes to whoever has the company, its outcome leads the lead on at once, and is an event', async () => {
  const firm = await workspace({ at: MONDAY, reps: ['ana', 'ben'], documents: topics });
  await launch(firm, calling);
  await happen(firm.pool, 'signed_up', [{ email: MEI, firstName: 'Mei', company: 'Huadong' }]);
  await firm.pool.query(`update account set owner_rep_id = (select id from rep where key = 'ben'), name = 'Huadong'`);
  const { poked } = await look(firm, 'trial');
  expect(poked).toEqual([{ kind: 'delivery', lane: 'internal' }]);
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ stepId: 'call', dueAt: new Date('2026-03-09T09:00:00Z') }]);

  const [task] = await tasksOf(firm, '?owner=ben&state=open&due=2026-03-05T00:00:00Z');
  expect(task).toMatchObject({
    title: 'Call Mei of Huadong',
    owner: { key: 'ben' },
    outcomes: ['refused', 'done'],
    dueAt: '2026-03-04T09:00:00.000Z',
  });
  expect(await tasksOf(firm, '?owner=ana')).toEqual([]);
  expect(await mails(firm)).toEqual(['new → ben']);

  const answer = await firm.post(`/v1/tasks/${task!.id}/done`, { outcome: 'refused', note: 'no budget' });
  expect(await answer.json()).toMatchObject({ state: 'done', outcome: 'refused', note: 'no budget' });
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ state: 'exited', endReason: 'refused' }]);
  const why = (await (await firm.get(`/v1/leads/${MEI}/why`)).json()) as { items: { words: string }[] };
  expect(why.items.map(({ words }) => words)).toEqual(
    expect.arrayContaining([
      'Task “Call Mei of Huadong” for Ben, due 4 March 2026, 09:00 UTC',
      'Task “Call Mei of Huadong” of Ben: refused (no budget)',
      'Call: the task was answered: refused, and went on',
    ]),
  );
  const { rows } = await firm.pool.query(`select properties from event where name = 'task_done'`);
  expect(rows).toEqual([{ properties: { task: task!.id, kind: 'custom', outcome: 'refused', campaign: 'trial', step: 'call' } }]);
});

test('nobody has the lead: the pool takes turns; a reminder when it is due; after the timeout the campaign goes on and the task stays', async () => {
  const firm = await workspace({ at: MONDAY, reps: ['ana', 'ben'], documents: topics });
  await launch(firm, calling);
  await happen(firm.pool, 'signed_up', [{ email: MEI }, { email: 'li@other.example' }]);
  await look(firm, 'trial');
  expect((await mails(firm)).toSorted()).toEqual(['new → ana', 'new → ben']);

  await chores(firm);
  expect(await mails(firm)).toHaveLength(2);
  expect(await firm.jumpToNext()).toBe(true);
  expect((await firm.now()).toISOString()).toBe('2026-03-04T09:00:00.000Z');
  await chores(firm);
  await chores(firm);
  expect((await mails(firm)).toSorted()).toEqual(['due → ana', 'due → ben', 'new → ana', 'new → ben']);
  await firm.jump('2026-03-06T09:00:00Z');
  await chores(firm);
  expect(await mails(firm)).toHaveLength(6);

  await firm.jump('2026-03-09T09:00:00Z');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ endReason: 'nobody called' }]);
  // Leaving by its own way is no reason to forget the call.
  await chores(firm);
  const open = await tasksOf(firm, '?state=open');
  expect(open).toHaveLength(2);
  expect(open[0]!.overdue).toBe(true);
});

test('one task for a company: colleagues share it and its outcome, also who comes when it is done', async () => {
  const firm = await workspace({ at: MONDAY, reps: ['ana'], documents: topics });
  const steps = [
    { id: 'call', task: { to: 'ana', once: 'account', onOutcome: { refused: [{ id: 'over', exit: 'refused' }] } } },
    { id: 'end', exit: 'called' },
  ];
  await launch(firm, campaignOf({ steps }));
  await happen(firm.pool, 'signed_up', [{ email: MEI }, { email: 'bo@huadong.example' }, { email: 'li@other.example' }]);
  await look(firm, 'trial');
  const [first] = await tasksOf(firm, '?state=open');
  expect(await tasksOf(firm)).toHaveLength(2);

  const shared = (await tasksOf(firm)).map(({ id }) => id);
  for (const id of shared) await firm.post(`/v1/tasks/${id}/done`, { outcome: 'refused' });
  await look(firm, 'trial');
  for (const email of [MEI, 'bo@huadong.example', 'li@other.example'])
    expect(await standing(firm, 'trial', email)).toMatchObject([{ endReason: 'refused' }]);

  await firm.jump('1d');
  await happen(firm.pool, 'signed_up', [{ email: 'late@huadong.example' }]);
  await look(firm, 'trial');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'late@huadong.example')).toMatchObject([{ endReason: 'refused' }]);
  expect(await tasksOf(firm)).toHaveLength(2);
  expect(first).toBeDefined();

  // Nobody of the company waits for it any more.
  await launch(firm, campaignOf({ key: 'other', steps, exitWhen: { tag: 'gone' } }));
  await happen(firm.pool, 'signed_up', [{ email: MEI }, { email: 'bo@huadong.example' }]);
  await look(firm, 'other');
  const leave = async (email: string) => {
    await firm.pool.query(`update lead set tags = '{gone}' where email = $1`, [email]);
    await firm.pool.query(`update enrolment set due_at = clock() where state = 'active'`);
    await look(firm, 'other');
    await chores(firm);
  };
  await leave(MEI);
  expect(await tasksOf(firm, '?state=open')).toHaveLength(1);
  await leave('bo@huadong.example');
  expect(await tasksOf(firm, '?state=open')).toHaveLength(0);
});

test('cancelled, given to somebody else, or without a reason any more', async () => {
  const firm = await workspace({ at: MONDAY, reps: ['ana', 'ben'], documents: topics });
  await launch(firm, { ...calling, exitWhen: { stage: 'customer' } });
  await happen(firm.pool, 'signed_up', [{ email: MEI }, { email: 'li@other.example' }]);
  await look(firm, 'trial');
  const [one, other] = await tasksOf(firm);
  const to = one!.owner.key === 'ana' ? 'ben' : 'ana';
  expect(await (await firm.post(`/v1/tasks/${one!.id}/reassign`, { rep: to })).json()).toMatchObject({ owner: { key: to } });
  expect((await mails(firm)).at(-1)).toBe(`reassigned → ${to}`);
  expect(await (await firm.post(`/v1/tasks/${one!.id}/cancel`, {})).json()).toMatchObject({ state: 'cancelled' });

  await firm.pool.query(`update lead set stage = 'customer'`);
  await firm.pool.query('update enrolment set due_at = clock()');
  await look(firm, 'trial');
  await chores(firm);
  expect(await (await firm.get(`/v1/tasks/${other!.id}`)).json()).toMatchObject({
    state: 'cancelled',
    note: 'the lead has left the campaign',
  });
});

test('who leaves the firm leaves no task behind', async () => {
  const firm = await workspace({ at: MONDAY, reps: ['ana', 'ben'], documents: topics });
  await launch(firm, campaignOf({ steps: [{ id: 'call', task: { to: 'ana' } }] }));
  await happen(firm.pool, 'signed_up', [{ email: MEI }]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI)).toMatchObject([{ state: 'completed' }]);
  await firm.pool.query(`update rep set active = false where key = 'ana'`);
  await chores(firm);
  expect(await tasksOf(firm)).toMatchObject([{ title: 'Trial: call', owner: { key: 'ben' } }]);
  expect(await mails(firm)).toEqual(['new → ana', 'soon → ben']);
});
