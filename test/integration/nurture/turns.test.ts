import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPlans } from '../../../activities/plans.ts';
import { stillWanted } from '../../../activities/still-wanted.ts';
import { inTransaction } from '../../../db/pool.ts';
import { addSuppression } from '../../../db/suppressions.ts';
import { wakeHeld } from '../../../db/turns.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, leavingMails, look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const MONDAY = '2026-03-02T09:00:00Z';
const [MEI, LIU, KIM] = ['mei', 'liu', 'kim'].map((name) => ({ email: `${name}@huadong.example` })) as [
  { email: string },
  { email: string },
  { email: string },
];

const mailed = async (firm: Workspace) =>
  (
    await firm.pool.query<{ mail: string }>(
      `select split_part(l.email, '@', 1) || ' ' || c.key || ' ' || s.step_id as mail
         from send s join lead l on l.id = s.lead_id join campaign c on c.id = s.campaign_id order by s.id`,
    )
  ).rows.map((row) => row.mail);

const why = async (firm: Workspace, { email }: { email: string }) => {
  const { items } = (await (await firm.get(`/v1/leads/${email}/why`)).json()) as { items: { words: string }[] };
  return items.map(({ words }) => words);
};

test('a lead in two campaigns is mailed by the higher; the lower waits, clocks running, and goes on when the higher ends', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  const steps = [
    { id: 'a', send: 'welcome' },
    { id: 'w', wait: '3d' },
    { id: 'b', send: 'nudge' },
  ];
  await launch(
    firm,
    campaignOf({
      key: 'low',
      priority: 20,
      steps: [
        { id: 'w', wait: '1d' },
        { id: 'x', send: { template: 'nudge' } },
      ],
    }),
  );
  await launch(firm, campaignOf({ key: 'high', name: 'High', priority: 80, steps }));
  await happen(firm.pool, 'signed_up', [MEI]);
  for (const key of ['high', 'low']) await look(firm, key);
  await acceptMails(firm);
  await look(firm, 'high');
  await firm.jump('1d');
  await look(firm, 'low');
  expect(await standing(firm, 'low', MEI.email)).toMatchObject([{ stepId: 'x', waiting: 'held:priority' }]);
  expect((await why(firm, MEI))[0]).toBe('X: mail nudge held back until 4 March 2026, 09:00 UTC: the campaign high comes first');
  await firm.jump('2d');
  await look(firm, 'high');
  await acceptMails(firm);
  const { poked } = await look(firm, 'high');
  expect(poked).toContainEqual(expect.objectContaining({ kind: 'nurture' }));
  await look(firm, 'low');
  expect(await mailed(firm)).toEqual(['mei high a', 'mei high b', 'mei low x']);
});

test('no more people of an account in outreach than allowed: one more waits for a place, or leaves', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  const steps = [
    { id: 'a', send: 'welcome' },
    { id: 'w', wait: '5d' },
  ];
  await launch(firm, campaignOf({ key: 'waits', account: { max: 2 }, steps }));
  await launch(firm, campaignOf({ key: 'drops', account: { max: 1, overflow: 'drop' }, steps }));
  await happen(firm.pool, 'signed_up', [MEI, LIU, KIM, { email: 'jo@elsewhere.example' }]);
  for (const key of ['waits', 'drops']) await look(firm, key);
  const people = [MEI, LIU, KIM];
  const where = async (key: string) => (await Promise.all(people.map(async ({ email }) => (await standing(firm, key, email))[0]!))).flat();
  const held = (await where('waits')).map(({ waiting }) => waiting);
  expect(held.filter((waiting) => waiting === 'held:account_limit')).toHaveLength(1);
  expect((await where('drops')).filter(({ endReason }) => endReason === 'account_limit')).toHaveLength(2);
  expect((await standing(firm, 'waits', 'jo@elsewhere.example'))[0]!.waiting).toMatch(/^send:/);

  const first = (await mailed(firm)).filter((mail) => mail.endsWith(' waits a'));
  expect(first).toHaveLength(3);
  await acceptMails(firm);
  await look(firm, 'waits');
  await firm.jump('5d');
  await look(firm, 'waits');
  expect((await mailed(firm)).filter((mail) => mail.endsWith(' waits a')).toSorted()).toEqual(
    ['jo', 'kim', 'liu', 'mei'].map((name) => `${name} waits a`),
  );
});

test('who waits for a place is woken when a mail before them does not leave after all, and when a place falls free while they are being held', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  const steps = [
    { id: 'a', send: 'welcome' },
    { id: 'w', wait: '5d' },
  ];
  await launch(firm, campaignOf({ key: 'waits', account: { max: 1 }, steps }));
  const enter = async (...people: { email: string }[]) => {
    await happen(firm.pool, 'signed_up', people);
    await look(firm, 'waits');
  };
  await enter(MEI);
  await enter(LIU);
  expect(await standing(firm, 'waits', LIU.email)).toMatchObject([{ waiting: 'held:account_limit' }]);
  await firm.pool.query(
    `with failed as (update send set state = 'failed', reason = 'server_says_no', settled_at = clock() where state = 'queued' returning enrolment_id)
     insert into wake (campaign_id, slot, enrolment_id) select campaign_id, slot, id from enrolment where id in (select enrolment_id from failed)`,
  );
  await look(firm, 'waits');
  expect(await mailed(firm)).toEqual(['mei waits a', 'liu waits a']);

  await acceptMails(firm);
  await look(firm, 'waits');
  let held: Promise<unknown> | undefined;
  await inTransaction(firm.pool, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      `update enrolment set state = 'exited', due_at = null, waiting = null, ended_at = clock() where lead_id = (select id from lead where email = $1) returning id`,
      [LIU.email],
    );
    await wakeHeld(tx, [rows[0]!.id]);
    held = enter(KIM);
    await Promise.race([held, pause(300)]);
  });
  await held;
  await look(firm, 'waits');
  expect(await mailed(firm)).toEqual(['mei waits a', 'liu waits a', 'kim waits a']);
});

test('a complaint or an open service case pauses the marketing to the whole company, a lead’s own pause that to one', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  await launch(firm, campaignOf({ steps: [{ id: 'a', send: 'welcome' }] }));
  const [mei] = await happen(firm.pool, 'came', [MEI, LIU, KIM]);
  await addSuppression(firm.pool, { address: KIM.email, kind: 'complaint', scope: 'marketing', source: 'test' });
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  expect((await why(firm, MEI))[0]).toBe('A: mail welcome held back until 1 April 2026, 09:00 UTC: somebody of the company has complained');
  await firm.pool.query(
    `insert into record (kind, external_id, account_id, status) select 'case', '4711', account_id, 'open' from lead where id = $1`,
    [mei],
  );
  await firm.jump('30d');
  await look(firm, 'trial');
  expect((await why(firm, MEI))[0]).toContain('complained');
  expect((await standing(firm, 'trial', MEI.email))[0]).toMatchObject({ waiting: 'held:account_paused' });
  await firm.pool.query(`update record set status = 'closed'`);

  expect(await firm.post(`/v1/leads/${mei}/pause`, { until: '2026-04-20T09:00:00Z' })).toHaveStatus(200);
  await look(firm, 'trial');
  expect((await why(firm, MEI))[0]).toBe('A: mail welcome held back until 20 April 2026, 09:00 UTC: marketing to this person is paused');
  await happen(firm.pool, 'signed_up', [LIU]);
  await look(firm, 'trial');
  expect(await mailed(firm)).toEqual(['liu trial a']);
  expect(await firm.post(`/v1/leads/${mei}/resume`)).toHaveStatus(200);
  await look(firm, 'trial');
  expect(await mailed(firm)).toEqual(['liu trial a', 'mei trial a']);
});

test('one step is paused: who is on it waits and others go on; resumed, it goes on at once', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  await launch(
    firm,
    campaignOf({
      steps: [
        { id: 'w', wait: '1d' },
        { id: 'a', send: 'welcome' },
        { id: 'w2', wait: '1d' },
        { id: 'b', send: 'nudge' },
      ],
    }),
  );
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  await firm.jump('1d');
  await look(firm, 'trial');
  await acceptMails(firm);
  await look(firm, 'trial');
  await happen(firm.pool, 'signed_up', [LIU]);
  expect(await firm.post('/v1/campaigns/trial/steps/a/pause')).toHaveStatus(200);
  await look(firm, 'trial');
  await firm.jump('1d');
  await look(firm, 'trial');
  expect(await mailed(firm)).toEqual(['mei trial a', 'mei trial b']);
  expect(await standing(firm, 'trial', LIU.email)).toMatchObject([{ stepId: 'a', waiting: 'step_paused' }]);
  expect((await why(firm, LIU))[0]).toBe('A: this step is paused');
  expect(await firm.post('/v1/campaigns/trial/steps/a/resume')).toHaveStatus(200);
  await look(firm, 'trial');
  expect(await mailed(firm)).toEqual(['mei trial a', 'mei trial b', 'liu trial a']);
});

test('what was queued before a pause is held at the last look, and goes when the pause is over', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  await launch(firm, campaignOf({ steps: [{ id: 'a', send: 'welcome' }] }));
  await launch(firm, campaignOf({ key: 'receipts', class: 'transactional', steps: [{ id: 'a', send: 'welcome' }] }));
  const [mei] = await happen(firm.pool, 'signed_up', [MEI]);
  for (const key of ['trial', 'receipts']) await look(firm, key);
  const lastLook = async () => {
    const rows = await leavingMails(firm);
    const words = await stillWanted(firm.pool, createPlans(), rows);
    return Object.fromEntries(rows.map((mail) => [mail.class, words.get(mail.id) ?? 'go']));
  };
  expect(await lastLook()).toEqual({ marketing: 'go', transactional: 'go' });
  expect(await firm.post(`/v1/leads/${mei}/pause`, {})).toHaveStatus(200);
  expect(await lastLook()).toEqual({ marketing: { notBefore: new Date('2026-03-03T09:00:00Z') }, transactional: 'go' });
  expect((await why(firm, MEI))[0]).toBe('A: mail welcome held back until 3 March 2026, 09:00 UTC: marketing to this person is paused');
  await firm.pool.query(`update send set due_at = due_at + interval '1 day'`);
  await firm.post(`/v1/leads/${mei}/resume`);
  expect((await firm.pool.query(`select from send where class = 'marketing' and due_at <= clock()`)).rowCount).toBe(1);
  await firm.post('/v1/campaigns/receipts/steps/a/pause');
  await addSuppression(firm.pool, { address: LIU.email, kind: 'complaint', scope: 'marketing', source: 'test' });
  await happen(firm.pool, 'came', [LIU]);
  expect(await lastLook()).toEqual({
    marketing: { notBefore: new Date('2026-04-01T09:00:00Z') },
    transactional: { notBefore: new Date('2026-03-03T09:00:00Z') },
  });
});

test('a campaign with a start and an end: nobody steps before, nobody enters after, and at the end everybody leaves', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  const steps = [
    { id: 'a', send: 'welcome' },
    { id: 'w', wait: '30d' },
  ];
  await launch(firm, campaignOf({ start: '2026-03-04', end: '2026-03-09', onEnd: 'exit', sending: { timezone: 'Europe/Berlin' }, steps }));
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ waiting: 'start', dueAt: new Date('2026-03-03T23:00:00Z') }]);
  await firm.jump('2026-03-04T00:00:00Z');
  await look(firm, 'trial');
  await acceptMails(firm);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'w', dueAt: new Date('2026-03-09T23:00:00Z') }]);
  await firm.jump('2026-03-09T23:00:00Z');
  await happen(firm.pool, 'signed_up', [LIU]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ state: 'exited', endReason: 'ended' }]);
  expect(await standing(firm, 'trial', LIU.email)).toEqual([]);
  expect((await why(firm, LIU))[0]).toBe('Did not enter “Trial”: the campaign was over on 9 March 2026, 23:00 UTC');
});

test('who is held out walks through without a mail, and is compared with the others on the goal', async () => {
  const firm = await workspace({ at: MONDAY, documents: topics });
  await launch(
    firm,
    campaignOf({
      holdout: '30%',
      goal: { event: 'booked', where: { kind: 'demo' }, within: '30d' },
      steps: [
        { id: 'a', send: 'welcome' },
        { id: 'w', wait: '5d' },
      ],
    }),
  );
  const people = Array.from({ length: 60 }, (_, n) => ({ email: `p${n}@firm${n}.example` }));
  const ids = await happen(firm.pool, 'signed_up', people);
  await look(firm, 'trial');
  await acceptMails(firm);
  await look(firm, 'trial');
  const { rows } = await firm.pool.query<{ id: string; holdout: boolean; mails: number; step: string }>(
    `select e.lead_id as id, e.holdout, e.step_id as step, (select count(*)::int from send s where s.enrolment_id = e.id) as mails from enrolment e`,
  );
  const held = rows.filter((row) => row.holdout);
  expect(held.length).toBeGreaterThan(5);
  expect(rows.every((row) => row.mails === (row.holdout ? 0 : 1) && row.step === 'w')).toBe(true);
  expect((await why(firm, people[ids.indexOf(held[0]!.id)]!)).slice(-2)).toEqual([
    'A: held out for comparison, so without effect: mail welcome queued, and went on',
    'Entered “Trial”: signed_up happened, held out for comparison: no step has an effect',
  ]);

  await firm.jump('6d');
  await look(firm, 'trial');
  const heldIds = new Set(held.map((row) => row.id));
  const treated = people.filter((_, n) => !heldIds.has(ids[n]!));
  await happen(firm.pool, 'booked', treated.slice(0, 10), { kind: 'demo' });
  await happen(firm.pool, 'booked', [people[ids.indexOf(held[0]!.id)]!], { kind: 'call' });
  const figures = await (await firm.get('/v1/campaigns/trial/holdout')).json();
  expect(figures).toMatchObject({
    goal: 'booked',
    treated: { entered: 60 - held.length, goals: 10 },
    heldOut: { entered: held.length, goals: 0, rate: 0, low: 0 },
    difference: { rate: 10 / (60 - held.length) },
    verdict: 'too few to read',
  });
});
