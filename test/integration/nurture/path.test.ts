import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';

const trial = campaignOf({
  goal: { event: 'demo_booked', within: '30d', then: [{ id: 'thanks', send: 'thanks' }] },
  exitWhen: { stage: 'customer' },
  steps: [
    { id: 'welcome', send: 'welcome' },
    { id: 'w1', wait: '2d' },
    {
      id: 'engaged',
      branch: [
        { when: { clicked: 'welcome' }, steps: [{ id: 'study', send: { template: 'study', notAfter: '5d' } }] },
        { otherwise: [{ id: 'nudge', send: 'nudge' }] },
      ],
    },
    {
      id: 'pricing',
      waitFor: { event: 'pricing_viewed', timeout: '5d' },
      then: [{ id: 'out', exit: 'hot' }],
      onTimeout: [{ id: 'last', send: 'last-call' }],
    },
  ],
});

test('somebody who signs up is welcomed, nudged two days after the welcome was accepted, and called a last time', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(firm, trial);
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);

  const first = await look(firm, 'trial');
  expect(first.poked).toEqual([{ kind: 'delivery', lane: 'marketing' }]);
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'active', stepId: 'welcome', error: null }]);

  await firm.jump('1h');
  expect(await acceptMails(firm)).toEqual(['welcome']);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ stepId: 'w1', dueAt: new Date('2026-03-04T10:00:00Z') }]);

  await firm.jump('2d');
  await look(firm, 'trial');
  expect(await acceptMails(firm)).toEqual(['nudge']);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ stepId: 'pricing', waiting: 'event:pricing_viewed' }]);

  await firm.jump('5d');
  await look(firm, 'trial');
  expect(await acceptMails(firm)).toEqual(['last-call']);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'completed', dueAt: null }]);

  const status = (await (await firm.get('/v1/campaigns/trial')).json()) as { completed: number; steps: { id: string; passed: number }[] };
  expect(status.completed).toBe(1);
  expect(status.steps.filter((step) => step.passed === 1).map((step) => step.id)).toEqual([
    'welcome',
    'w1',
    'engaged',
    'nudge',
    'pricing',
    'last',
  ]);
});

test('an event that came before its step was reached counts from entry, and leads on at once', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(firm, trial);
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await look(firm, 'trial');
  await firm.jump('1h');
  await happen(firm.pool, 'pricing_viewed', [{ email: 'mei@huadong.example' }]);
  await acceptMails(firm);
  await look(firm, 'trial');
  await firm.jump('2d');
  await look(firm, 'trial');
  await acceptMails(firm);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'exited', endReason: 'hot' }]);
});

test('a click decides the branch; the goal takes them out of the path into its own; exitWhen ends it at once', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(firm, trial);
  const people = [{ email: 'clicks@a.example' }, { email: 'books@b.example' }, { email: 'buys@c.example' }];
  const [clicks] = await happen(firm.pool, 'signed_up', people);
  await look(firm, 'trial');
  await acceptMails(firm);
  await look(firm, 'trial');

  const { rows } = await firm.pool.query<{ id: string }>('select id from enrolment where lead_id = $1', [clicks]);
  await firm.jump('1h');
  await happen(firm.pool, 'email_clicked', [people[0]!], {
    enrolment: rows[0]!.id,
    step: 'welcome',
    link: 'https://ostara.example/welcome',
  });
  await happen(firm.pool, 'demo_booked', [people[1]!]);
  await firm.pool.query(`update lead set stage = 'customer' where email = 'buys@c.example'`);
  await happen(firm.pool, 'order_placed', [people[2]!]);
  await look(firm, 'trial');
  expect(await acceptMails(firm)).toEqual(['thanks']);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'books@b.example')).toMatchObject([{ state: 'goal' }]);
  expect(await standing(firm, 'trial', 'buys@c.example')).toMatchObject([{ state: 'exited', endReason: 'exitWhen' }]);

  await firm.jump('2d');
  await look(firm, 'trial');
  expect(await acceptMails(firm)).toEqual(['study']);
});
