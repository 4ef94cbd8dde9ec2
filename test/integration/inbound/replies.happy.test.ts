import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { comesBack, inboundEnv, letter } from '../../support/mail-back.ts';
import { happen } from '../../support/people.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const steps = [
  { id: 'hello', send: 'welcome' },
  { id: 'w', wait: '1d' },
  { id: 'case', send: 'study' },
];

async function tasksOf(firm: Workspace): Promise<{ id: string; title: string; outcomes: string[]; state: string }[]> {
  const answer = await firm.get('/v1/tasks');
  return ((await answer.json()) as { items: { id: string; title: string; outcomes: string[]; state: string }[] }).items;
}

const subjects = async (firm: Workspace, to: string): Promise<string[]> => (await firm.outbox(to)).map(({ subject }) => subject);

test('an answer holds the campaign for that person, becomes a task, reaches the owner; what they say came of it goes on from there', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics, reps: ['ana'], env: inboundEnv });
  await launch(firm, campaignOf({ key: 'trial', name: 'Trial nurture', steps }));
  await launch(
    firm,
    campaignOf({ key: 'other', name: 'Another', topic: 'news', entry: { event: 'asked' }, steps: [{ id: 'last', send: 'last-call' }] }),
  );
  await firm.startWorker();
  await happen(firm.pool, 'signed_up', [
    { email: 'mei@huadong.example' },
    { email: 'li@huadong.example' },
    { email: 'silent@huadong.example' },
  ]);
  await firm.settle();

  const [welcome] = await firm.outbox('mei@huadong.example');
  const { rows: envelopes } = await firm.pool.query<{ from: string }>(
    `select from_address as "from" from captured_mail where to_address = 'mei@huadong.example'`,
  );
  expect(envelopes[0]!.from).toMatch(/^bounce\+\w{39}@mail\.firm\.example$/);
  const replyTo = /reply\+\w+@mail\.firm\.example/.exec(welcome!.headers.get('reply-to')!)![0];
  const answer = letter({
    from: 'Mei Wang <Mei@Huadong.example>',
    to: replyTo,
    subject: `Re: ${welcome!.subject}`,
    text: 'Yes, please call me about prices.\n\nOn Mon, Mar 2, 2026 at 10:00 AM Firm <hello@firm.example> wrote:\n> Welcome\n',
  });
  const first = await comesBack(firm, answer);
  expect(first).toMatchObject({ kind: 'reply', state: 'done' });
  expect(await comesBack(firm, answer)).toMatchObject({ id: null });
  await firm.settle();

  const [task, ...others] = await tasksOf(firm);
  expect(others).toEqual([]);
  expect(task).toMatchObject({
    title: 'Mei Wang answered: Yes, please call me about prices.',
    outcomes: ['continue_campaign', 'end_campaign'],
    state: 'open',
  });
  const [forwarded, ...more] = await firm.outbox('ana@firm.example');
  expect(more).toEqual([]);
  expect(forwarded!.headers.get('reply-to')).toContain('mei@huadong.example');
  expect(forwarded!.text).toContain('Yes, please call me about prices.');
  expect(forwarded!.text).not.toContain('> Welcome');
  const original = forwarded!.links.find((link) => link.includes('/original/'))!;
  const whole = await firm.anyone.get(original);
  expect(whole.headers.get('content-disposition')).toContain('.eml');
  expect(await whole.text()).toBe(answer);

  // Li answers from a telephone that quotes nothing: In-Reply-To names the mail, whatever address it came to.
  const [toLi] = await firm.outbox('li@huadong.example');
  const fromLi = letter({
    from: 'li@huadong.example',
    text: `No thanks! ${'🙂'.repeat(300)}`,
    headers: [`In-Reply-To: ${toLi!.headers.get('message-id')}`],
  });
  expect(await comesBack(firm, fromLi)).toMatchObject({ kind: 'reply', state: 'done' });

  await firm.jump('2d');
  await happen(firm.pool, 'asked', [{ email: 'mei@huadong.example' }]);
  await firm.settle();
  expect(await subjects(firm, 'silent@huadong.example')).toHaveLength(2);
  expect(await subjects(firm, 'li@huadong.example')).toHaveLength(1);
  // The other campaign is not held.
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(2);
  expect((await standing(firm, 'trial', 'mei@huadong.example'))[0]).toMatchObject({
    state: 'active',
    stepId: 'case',
    waiting: 'held:answered',
  });
  const why = (await (await firm.get('/v1/leads/mei@huadong.example/why')).text()).toLowerCase();
  expect(why).toContain('they have answered, and nobody has said yet what came of it');

  expect(await firm.post(`/v1/tasks/${task!.id}/done`, { outcome: 'continue_campaign', note: 'called' })).toHaveStatus(200);
  const about = (await tasksOf(firm)).find(({ title }) => title.startsWith('li@'))!;
  expect(await firm.post(`/v1/tasks/${about.id}/done`, { outcome: 'end_campaign' })).toHaveStatus(200);
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(3);
  expect((await standing(firm, 'trial', 'li@huadong.example'))[0]).toMatchObject({ state: 'exited' });
  expect(await firm.outbox('li@huadong.example')).toHaveLength(1);
  expect((await firm.pool.query('select from reply_pause')).rowCount).toBe(0);
});

test('what was queued before the answer does not leave after it', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics, reps: ['ana'], env: inboundEnv });
  await launch(firm, campaignOf({ key: 'trial', steps }));
  await firm.startWorker();
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await firm.settle();
  await firm.pool.query(`update lane set stopped_reason = 'a test' where key = 'marketing'`);
  await firm.jump('1d');
  await firm.settle();
  expect((await firm.pool.query(`select from send where state = 'queued'`)).rowCount).toBe(1);
  await comesBack(firm, letter({ from: 'mei@huadong.example' }));
  await firm.pool.query(`update lane set stopped_reason = null`);
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(1);

  const [task] = await tasksOf(firm);
  expect(await firm.post(`/v1/tasks/${task!.id}/done`, { outcome: 'continue_campaign' })).toHaveStatus(200);
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(2);
});

test('a second answer joins the open task; a campaign that ends with an answer ends at once; resuming the person lets go too', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics, reps: ['ana'], env: inboundEnv });
  await launch(firm, campaignOf({ key: 'trial', name: 'Trial', exitWhen: { replied: 'any' }, steps }));
  await launch(
    firm,
    campaignOf({ key: 'asked', name: 'Asked', entry: { event: 'asked' }, steps: [{ id: 'one', send: 'nudge' }, ...steps] }),
  );
  await firm.startWorker();
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await happen(firm.pool, 'asked', [{ email: 'mei@huadong.example' }]);
  await firm.settle();

  for (const mail of await firm.outbox('mei@huadong.example')) {
    const reply = letter({ from: 'mei@huadong.example', to: mail.headers.get('reply-to')!, subject: `Re: ${mail.subject}` });
    expect(await comesBack(firm, reply)).toMatchObject({ kind: 'reply', state: 'done' });
  }
  await firm.settle();
  expect(await tasksOf(firm)).toHaveLength(1);
  expect((await firm.outbox('ana@firm.example')).length).toBeGreaterThan(1);
  expect((await standing(firm, 'trial', 'mei@huadong.example'))[0]).toMatchObject({ state: 'exited' });
  expect((await firm.pool.query(`select from event where name = 'email_replied'`)).rowCount).toBe(3);

  await firm.jump('3d');
  await firm.settle();
  const before = (await firm.outbox('mei@huadong.example')).length;
  expect(await firm.post('/v1/leads/mei@huadong.example/resume')).toHaveStatus(200);
  await firm.settle();
  expect((await firm.outbox('mei@huadong.example')).length).toBe(before + 1);
});
