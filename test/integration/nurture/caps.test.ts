import { expect, test } from 'vitest';
import { createPlans } from '../../../activities/plans.ts';
import { stillWanted } from '../../../activities/still-wanted.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, leavingMails, look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const MONDAY = '2026-03-02T09:00:00Z';
const MEI = { email: 'mei@huadong.example' };
const three = [1, 2, 3].map((n) => ({ id: `m${n}`, send: 'welcome' }));

const leaving = async (firm: Workspace) =>
  (await firm.pool.query<{ at: Date; step: string }>(`select due_at as at, step_id as step from send order by due_at, step_id`)).rows;

/** Sends what may go, as often as there is something to look at now. */
async function run(firm: Workspace, ...campaigns: string[]): Promise<void> {
  for (let round = 0; round < 4; round++) {
    for (const campaign of campaigns) await look(firm, campaign);
    await acceptMails(firm);
  }
}

test('over a campaign’s cap the next mail waits for the next period, and the journal says which cap and until when', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  await launch(firm, campaignOf({ sending: { cap: { per: 'week', max: 2 } }, steps: three }));
  await happen(firm.pool, 'signed_up', [{ ...MEI, timezone: 'Europe/Berlin' }]);
  await run(firm, 'trial');
  expect((await leaving(firm)).map(({ step }) => step)).toEqual(['m1', 'm2']);
  const nextMonday = '2026-03-08T23:00:00.000Z';
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'm3', dueAt: new Date(nextMonday) }]);
  const why = (await (await firm.get(`/v1/leads/${MEI.email}/why`)).json()) as { items: object[] };
  expect(why.items[0]).toMatchObject({
    words: 'M3: mail welcome held back until 8 March 2026, 23:00 UTC: no more than 2 mails a week to one person',
    because: { held: { by: 'cap', max: 2, per: 'week' }, until: nextMonday },
  });
  await firm.jump(nextMonday);
  await run(firm, 'trial');
  expect((await standing(firm, 'trial', MEI.email))[0]).toMatchObject({ state: 'completed' });
});

test('the workspace’s caps count the mail of all campaigns; what was cancelled has given its place back', async () => {
  const firm = await workspace({ at: MONDAY, documents: { ...topics, sending: { default: { caps: { per: 'day', max: 2 } } } } });
  await launch(firm, campaignOf({ steps: three }));
  await launch(firm, campaignOf({ key: 'other', steps: three }));
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  await look(firm, 'other');
  await firm.pool.query(
    `update send set state = 'cancelled', reason = 'test', settled_at = clock() where campaign_id = (select id from campaign where key = 'other')`,
  );
  await run(firm, 'trial');
  expect((await leaving(firm)).map(({ step }) => step)).toEqual(['m1', 'm1', 'm2']);
  expect((await standing(firm, 'trial', MEI.email))[0]!.waiting).toMatch(/^held:cap:/);
});

test('two loops at once never go over a cap, of a person or of an account', async () => {
  const sending = {
    caps: [
      { per: 'week', max: 3 },
      { per: 'week', max: 5, of: 'account' },
    ],
  };
  const firm = await workspace({ at: MONDAY, documents: { ...topics, sending: { default: sending } } });
  const keys = ['a', 'b', 'c', 'd'];
  for (const key of keys) await launch(firm, campaignOf({ key, steps: three }));
  const people = [1, 2, 3].map((n) => ({ email: `p${n}@huadong.example` }));
  await happen(firm.pool, 'signed_up', people);
  for (let round = 0; round < 4; round++) {
    await Promise.all(keys.map((key) => look(firm, key)));
    await acceptMails(firm);
  }
  const { rows } = await firm.pool.query<{ n: number; most: number }>(
    `select sum(n)::int as n, max(n)::int as most from (select count(*) as n from send group by lead_id) s`,
  );
  expect(rows).toEqual([{ n: 5, most: expect.any(Number) }]);
  expect(rows[0]!.most).toBeLessThanOrEqual(3);
});

test('a throttle spreads the mails evenly, and its places lie in the window', async () => {
  const firm = await workspace({ at: '2026-03-02T16:30:00Z', documents: topics });
  const window = { days: 'mon-fri', from: '09:00', to: '17:00' };
  await launch(firm, campaignOf({ sending: { rate: '20/h', window, timezone: 'UTC' }, steps: [{ id: 'm', send: 'welcome' }] }));
  await happen(
    firm.pool,
    'signed_up',
    Array.from({ length: 25 }, (_, n) => ({ email: `p${n}@huadong.example` })),
  );
  await look(firm, 'trial');
  const at = (await leaving(firm)).map((mail) => mail.at.toISOString());
  expect(at.slice(0, 3)).toEqual(['2026-03-02T16:30:00.000Z', '2026-03-02T16:33:00.000Z', '2026-03-02T16:36:00.000Z']);
  expect(at[9]).toBe('2026-03-02T16:57:00.000Z');
  expect(at[10]).toBe('2026-03-03T09:00:00.000Z');
  expect(new Set(at).size).toBe(25);
  expect(
    (
      await firm.pool.query(
        `select because -> 'delayed' ->> 'by' as by, count(*)::int as n from journal where kind = 'stayed' group by 1 order by 1`,
      )
    ).rows,
  ).toEqual([
    { by: 'rate', n: 24 },
    { by: null, n: 1 },
  ]);
});

test('a mail that an outage carries into another day asks again for room there, and waits where another has the place', async () => {
  const firm = await workspace({
    at: MONDAY,
    documents: { ...topics, sending: { default: { caps: { per: 'day', max: 1 } } } },
  });
  await launch(firm, campaignOf({ key: 'now', steps: [{ id: 'a', send: 'welcome' }] }));
  const window = { days: 'tue', from: '09:00', to: '17:00' };
  await launch(firm, campaignOf({ key: 'tuesday', sending: { window }, steps: [{ id: 'b', send: 'welcome' }] }));
  await happen(firm.pool, 'signed_up', [{ ...MEI, timezone: 'Europe/Berlin' }]);
  for (const campaign of ['now', 'tuesday']) await look(firm, campaign);
  const words = async () => {
    const mails = await leavingMails(firm);
    const unwanted = await stillWanted(firm.pool, createPlans(), mails);
    return Object.fromEntries(mails.map(({ id, sendKey }) => [sendKey.split('/')[1], unwanted.get(id) ?? 'go']));
  };
  expect(await words(), 'in time').toMatchObject({ a: 'go' });
  // Nothing left on Monday.
  await firm.jump('2026-03-03T10:00:00Z');
  expect(await words()).toEqual({ a: { notBefore: new Date('2026-03-03T23:00:00Z') }, b: 'go' });
  const why = (await (await firm.get(`/v1/leads/${MEI.email}/why`)).json()) as { items: { words: string }[] };
  expect(why.items[0]!.words).toContain('no more than 1 mail a day to one person');
});
