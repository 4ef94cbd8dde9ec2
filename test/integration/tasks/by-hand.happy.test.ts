import { expect, test } from 'vitest';
import { taskChores } from '../../../activities/tasks.ts';
import { inTransaction } from '../../../db/pool.ts';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { look, mailOfTests } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { addLeads, bodyOf, handToSales } from '../../support/sales.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const FRIDAY = '2026-03-06T09:00:00Z';

interface Shown {
  id: string;
  title: string;
  kind: string;
  state: string;
  owner: { key: string };
  outcomes: string[];
  dueAt: string;
  snoozedUntil: string | null;
  createdBy: string;
}

async function remind(firm: Workspace): Promise<string[]> {
  for (const chore of taskChores(mailOfTests)) await inTransaction(firm.pool, (tx) => chore.run(tx));
  const { rows } = await firm.pool.query<{ kind: string }>(
    `select params ->> 'kind' as kind from send where template = 'task' order by queued_at, send_key`,
  );
  return rows.map(({ kind }) => kind);
}

test('a task by hand: asked once by its key, reminded of before and after, put off, moved, done with an outcome of its kind', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: FRIDAY });
  const [lead] = await addLeads(firm.pool, 1, { accounts: 1 });
  await firm.pool.query(`update account set owner_rep_id = (select id from rep where key = 'ben')`);
  const asked = {
    lead,
    title: 'Call about lead times',
    kind: 'call',
    details: 'She asked twice.',
    due: '1bd',
    remindBefore: '2h',
    key: 'crm-17',
  };
  const made = await firm.post('/v1/tasks', asked);
  expect(made.status).toBe(201);
  const task = (await made.json()) as Shown;
  expect(task).toMatchObject({ owner: { key: 'ben' }, kind: 'call', dueAt: '2026-03-09T09:00:00.000Z', createdBy: 'admin', state: 'open' });
  expect(task.outcomes).toEqual(['reached', 'left_message', 'no_answer', 'wrong_number', 'not_interested', 'done']);
  const again = await firm.post('/v1/tasks', { ...asked, title: 'Another' });
  expect([again.status, ((await again.json()) as Shown).title]).toEqual([200, 'Call about lead times']);
  expect(await remind(firm)).toEqual(['new']);

  await firm.jump('2026-03-09T07:00:00Z');
  expect(await remind(firm)).toEqual(['new', 'soon']);
  const path = `/v1/tasks/${task.id}`;
  expect(await bodyOf<Shown>(firm.post(`${path}/snooze`, { until: '4h' }))).toMatchObject({ snoozedUntil: '2026-03-09T11:00:00.000Z' });
  await firm.jump('3h');
  expect(await remind(firm)).toHaveLength(2);
  await firm.jump('1h');
  expect(await remind(firm)).toEqual(['new', 'soon', 'due']);
  expect(await bodyOf<Shown>(firm.post(`${path}/move`, { due: '2026-03-11T09:00:00Z' }))).toMatchObject({
    dueAt: '2026-03-11T09:00:00.000Z',
    snoozedUntil: null,
    overdue: false,
  });
  await firm.jump('2026-03-11T07:00:00Z');
  expect(await remind(firm)).toEqual(['new', 'soon', 'due', 'soon']);
  expect(await bodyOf<Shown>(firm.post(`${path}/done`, { outcome: 'no_answer' }))).toMatchObject({ state: 'done', outcome: 'no_answer' });
  const { items } = await bodyOf<{ items: { words: string }[] }>(firm.get(`/v1/leads/${lead}/why`));
  const told = items.map(({ words }) => words).join('\n');
  for (const words of ['rests until 9 March 2026', 'is now due 11 March 2026', 'of Ben: no_answer']) expect(told).toContain(words);

  // About an opportunity: its person and company; about a company alone: nobody in particular.
  const [opportunity] = await handToSales(firm.pool, [lead!]);
  const offer = await bodyOf<Shown>(
    firm.post('/v1/tasks', { opportunity, title: 'Write the offer', owner: 'ana', due: '1d', tell: false }),
  );
  expect(offer).toMatchObject({ opportunity, lead: { id: lead }, kind: 'custom', outcomes: ['done'] });
  const { rows } = await firm.pool.query<{ id: string }>('select id from account');
  const company = await bodyOf<Shown>(firm.post('/v1/tasks', { account: rows[0]!.id, title: 'Find out who decides', kind: 'linkedin' }));
  expect(company).toMatchObject({ lead: null, account: { id: rows[0]!.id }, owner: { key: 'ben' } });
  expect((await bodyOf<{ items: Shown[] }>(firm.get(`/v1/tasks?account=${rows[0]!.id}&kind=linkedin`))).items).toHaveLength(1);
  expect(await bodyOf<Shown>(firm.post(`/v1/tasks/${company.id}/done`, { outcome: 'not_found' }))).toMatchObject({ state: 'done' });
});

test('a campaign asks for a call: what may come of it follows from that', async () => {
  const firm = await workspace({ reps: ['ana'], at: FRIDAY, documents: topics });
  await launch(
    firm,
    campaignOf({
      steps: [
        { id: 'call', task: { to: 'ana', kind: 'call' } },
        { id: 'end', exit: 'asked' },
      ],
    }),
  );
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await look(firm, 'trial');
  const { items } = await bodyOf<{ items: Shown[] }>(firm.get('/v1/tasks'));
  expect(items).toMatchObject([{ kind: 'call', source: 'campaign', outcomes: expect.arrayContaining(['reached', 'done']) as string[] }]);
});
