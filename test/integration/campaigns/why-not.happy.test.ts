import { expect, test } from 'vitest';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { taskLink } from '../../support/tasks.ts';
import { workspace } from '../../support/workspace.ts';

interface WhyNot {
  standing: string;
  hindrances: { rule: string; words: string; facts: string[]; change: string[]; until: string | null }[];
  before: unknown[];
}

const documents = {
  ...topics,
  segment: { rivals: { condition: { 'lead.company': 'Rival' } } },
};
const document = campaignOf({
  entry: { event: 'form_submitted', where: { form: 'trial' }, if: { 'lead.country': { in: ['DE', 'AT'] } } },
  exclude: ['rivals'],
  reentry: { after: '90d' },
  exitWhen: { stage: 'customer' },
  steps: [
    { id: 'w1', wait: '2d' },
    { id: 'hello', send: 'welcome' },
  ],
});

test('a dry run says who would enter and why the others would not; why-not says the same of each', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents });
  const someone = (email: string, rest: object, properties = { form: 'trial' }) =>
    happen(firm.pool, 'form_submitted', [{ email, ...rest }], properties);
  const why = async (email: string) => (await (await firm.get(`/v1/campaigns/trial/why-not?email=${email}`)).json()) as WhyNot;

  await someone('ada@firm.example', { country: 'DE' });
  await someone('bo@firm.example', { country: 'FR' });
  await someone('cy@rival.example', { country: 'DE', company: 'Rival' });
  await someone('di@firm.example', { country: 'DE' }, { form: 'contact' });
  await happen(firm.pool, 'page_viewed', [{ email: 'ed@firm.example', country: 'DE' }]);

  const unsaved = await firm.post('/v1/campaigns/trial/dry-run', { document });
  expect(await unsaved.json()).toMatchObject({
    entering: 1,
    first: [{ email: 'ada@firm.example', words: expect.stringContaining('form_submitted') as string }],
  });
  expect(await firm.post('/v1/campaigns', document)).toHaveStatus(201);
  expect(await (await firm.post('/v1/campaigns/trial/dry-run', {})).json()).toMatchObject({
    entering: 1,
    heldOut: 0,
    complete: true,
    entries: [{ words: 'form_submitted happened', lookedAt: 3 }],
    notEntering: expect.arrayContaining([
      expect.objectContaining({ rule: 'entry.if', count: 1, first: [expect.objectContaining({ email: 'bo@firm.example' })] }),
      expect.objectContaining({ rule: 'exclude', count: 1 }),
    ]) as unknown[],
  });
  expect(await why('ada@firm.example')).toMatchObject({ standing: 'out', hindrances: [{ rule: 'draft' }] });

  await launch(firm, document);
  expect(await why('ada@firm.example')).toMatchObject({ standing: 'may_enter', hindrances: [{ rule: 'not_come' }] });
  expect(await why('bo@firm.example')).toMatchObject({
    standing: 'out',
    hindrances: [
      { rule: 'entry.if', facts: ['no: lead.country is one of DE, AT (FR)'], change: ['lead.country is one of DE, AT (now: FR)'] },
    ],
  });
  expect(await why('cy@rival.example')).toMatchObject({
    hindrances: [{ rule: 'exclude', change: [expect.stringContaining('no longer') as string] }],
  });
  expect(await why('di@firm.example')).toMatchObject({ hindrances: [{ rule: 'event', facts: ['form contact (asked for: trial)'] }] });
  expect(await why('ed@firm.example')).toMatchObject({ hindrances: [{ rule: 'never_happened' }] });

  await firm.startWorker();
  await someone('ada@firm.example', {});
  await firm.settle();
  expect(await why('ada@firm.example')).toMatchObject({
    standing: 'in',
    hindrances: [{ rule: 'wait', words: expect.stringContaining('W1: waits 2d') as string, until: '2026-03-04T09:00:00.000Z' }],
  });
  await firm.post('/v1/campaigns/trial/pause');
  expect(await why('ada@firm.example')).toMatchObject({ standing: 'in', hindrances: [{ rule: 'paused' }, { rule: 'wait' }] });
  await firm.post('/v1/campaigns/trial/resume', { overdue: 'send' });
  await firm.jump('3d');
  await firm.settle();
  expect(await why('ada@firm.example')).toMatchObject({
    standing: 'out',
    hindrances: [{ rule: 'reentry', until: expect.stringMatching(/^2026-06-0/) as string }],
  });
});

test('of who is in it why-not tells the task by its title and owner, and how a paused step goes on', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], documents: topics });
  const steps = [{ id: 'call', task: { to: 'owner', title: 'Call {{lead.first_name}}', timeout: '5bd' } }];
  await launch(firm, campaignOf({ steps }));
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example', firstName: 'Mei' }]);
  await look(firm, 'trial');
  const hindrances = async () =>
    ((await (await firm.get('/v1/campaigns/trial/why-not?email=mei@huadong.example')).json()) as WhyNot).hindrances;
  expect(await hindrances()).toMatchObject([{ rule: 'task', words: expect.stringMatching(/^Call: task “Call Mei” for /) as string }]);
  // Nobody has told the company's name: its domain stands for it.
  const { pathname } = new URL(await taskLink(firm), 'http://tendril.test');
  expect(await (await firm.anyone.get(pathname)).text()).toContain('huadong.example</dd>');

  expect(await firm.post('/v1/campaigns/trial/steps/call/pause')).toHaveStatus(200);
  await happen(firm.pool, 'signed_up', [{ email: 'bo@firm.example' }]);
  await look(firm, 'trial');
  const [held] = ((await (await firm.get('/v1/campaigns/trial/why-not?email=bo@firm.example')).json()) as WhyNot).hindrances;
  expect(held).toMatchObject({
    rule: 'step_paused',
    change: ['the step would have to be resumed: tendril campaign resume trial --step call'],
  });
});

test('why-not tells of a step that cannot be decided', async () => {
  const pauses = [{ from: '2026-03-01', to: '2031-12-31', reason: 'closed' }];
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: { ...topics, calendar: { default: { pauses } } } });
  await launch(firm, campaignOf({ steps: [{ id: 'hello', send: 'welcome' }] }));
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await look(firm, 'trial');
  const found = await firm.get('/v1/campaigns/trial/why-not?email=mei@huadong.example');
  expect(found).toHaveStatus(200);
  expect(((await found.json()) as WhyNot).hindrances).toMatchObject([
    { rule: 'error', words: expect.stringContaining('no time open') as string, change: ['it is tried again by itself'] },
  ]);
});
