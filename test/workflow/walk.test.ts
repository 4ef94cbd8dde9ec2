import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../support/campaigns.ts';
import { addLeads, handToSales, mailsAbout, opportunity } from '../support/sales.ts';
import { workspace } from '../support/workspace.ts';

const MONDAY = '2026-11-23T09:00:00Z';
const email = 'mei@huadong.example';

test('a campaign of days is walked in seconds: frozen, settled, jumped to the next due instant', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  await firm.startWorker();
  await launch(
    firm,
    campaignOf({
      steps: [
        { id: 'hello', send: 'welcome' },
        { id: 'w1', wait: '2d' },
        { id: 'again', send: 'nudge' },
        { id: 'w2', wait: '30d' },
        { id: 'last', send: 'last-call' },
      ],
    }),
  );
  await firm.pool.query(
    `with l as (insert into lead (email) values ($1) returning id) insert into lead_identity select 'email', $1, id from l`,
    [email],
  );
  expect((await firm.post('/v1/campaigns/trial/enrolments', { email })).ok).toBe(true);

  await firm.settle();
  for (let jumps = 0; jumps < 10 && (await firm.jumpToNext()); jumps++) await firm.settle();

  expect(await standing(firm, 'trial', email)).toMatchObject([{ state: 'completed' }]);
  const days = (await firm.outbox(email)).map(({ at }) => (at.getTime() - Date.parse(MONDAY)) / 86_400_000);
  expect(days.map(Math.round)).toEqual([0, 2, 32]);
});

test('an offer that nobody answers walks up the whole ladder by itself', async () => {
  const firm = await workspace({ at: MONDAY, reps: ['ana', 'ben', 'eva'] });
  await firm.pool.query(`insert into rep (key, name, email, manager) values ('mia', 'Mia', 'mia@firm.example', true)`);
  await firm.startWorker();
  const [id] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  firm.poke({ kind: 'qualification', opportunityId: id! });

  await firm.settle();
  for (let jumps = 0; jumps < 20 && !(await opportunity(firm.pool, id!)).breachedAt; jumps++) {
    await firm.jumpToNext();
    await firm.settle();
  }
  expect((await mailsAbout(firm.pool, id!)).slice(-2)).toEqual(['manager-escalation → mia', 'sla-breach → mia']);
  expect(await firm.outbox('mia@firm.example')).toHaveLength(2);
});
