import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { advanceBatch } from '../../../activities/advance.ts';
import { createPlans } from '../../../activities/plans.ts';
import { loopCampaign, requireCampaign } from '../../../db/campaigns.ts';
import { lockReady } from '../../../db/enrolments.ts';
import { inTransaction } from '../../../db/pool.ts';
import { stopCampaigns } from '../../../db/starts.ts';
import { cancelMoot } from '../../../db/task-looks.ts';
import { lockLeads } from '../../../db/wakes.ts';
import { makeCalls } from '../../support/calls.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, look, mailOfTests } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { receiver } from '../../support/receiver.ts';
import { lookingAfter } from '../../support/sales.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const MEI = { email: 'mei@huadong.example', website: 'huadong.example' };
const BO = { email: 'bo@huadong.example', website: 'huadong.example' };
const plain = { class: 'transactional', topic: undefined };

/** A loop advances whoever is ready; the facts are read, the positions written, and before it commits something else happens, or begins to and waits. */
async function advanceWhile(firm: Workspace, key: string, meanwhile: () => Promise<unknown>): Promise<void> {
  const range = { campaignId: (await requireCampaign(firm.pool, key)).id, from: 0, to: 255 };
  let other: Promise<unknown> | undefined;
  await inTransaction(firm.pool, async (tx) => {
    const ready = await lockReady(tx, range, 1_000);
    expect(ready.length, 'nobody is ready').toBeGreaterThan(0);
    await advanceBatch(tx, createPlans(), range, (await loopCampaign(tx, range))!, ready, mailOfTests);
    other = meanwhile();
    await Promise.race([other, pause(100)]);
  });
  await other;
}

/** Something that concerns nobody's step, and so wakes everybody for nothing. */
const stir = (firm: Workspace, ...people: { email: string }[]) => happen(firm.pool, 'stirred', people);

const call = (more: object = {}) => ({
  id: 'call',
  task: {
    to: 'ana',
    title: 'Call',
    timeout: '20d',
    onOutcome: { won: [{ id: 'won', exit: 'won' }] },
    onTimeout: [{ id: 'late', exit: 'late' }],
    ...more,
  },
});

async function answer(firm: Workspace): Promise<void> {
  const { rows } = await firm.pool.query<{ id: string }>(`select id from task where state = 'open'`);
  expect(await firm.post(`/v1/tasks/${rows[0]!.id}/done`, { outcome: 'won' })).toHaveStatus(200);
}

test('the outcome of a task lands while its step is looked at for another reason: it is not lost', async () => {
  const firm = await workspace({ at: START, reps: ['ana'], documents: topics });
  await launch(firm, campaignOf({ steps: [call()] }));
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  await stir(firm, MEI);
  await advanceWhile(firm, 'trial', () => answer(firm));
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ endReason: 'won' }]);
});

test('the company’s task is answered while a colleague comes to share it: the colleague goes on with its outcome at once', async () => {
  const firm = await workspace({ at: START, reps: ['ana'], documents: topics });
  await launch(firm, campaignOf({ steps: [{ id: 'w', wait: '1d' }, call({ once: 'account' })] }));
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  await firm.jump('12h');
  await happen(firm.pool, 'signed_up', [BO]);
  await look(firm, 'trial');
  await firm.jump('12h');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'call' }]);

  await firm.jump('12h');
  await advanceWhile(firm, 'trial', () => answer(firm));
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ endReason: 'won' }]);
  expect(await standing(firm, 'trial', BO.email)).toMatchObject([{ endReason: 'won' }]);
  expect((await firm.pool.query('select from task')).rowCount).toBe(1);
});

test('who asked for the company’s task leaves while a colleague comes to share it: the task stays, and its outcome counts', async () => {
  const firm = await workspace({ at: START, reps: ['ana'], documents: topics });
  await launch(firm, campaignOf({ steps: [{ id: 'w', wait: '1d' }, call({ once: 'account' })], exitWhen: { stage: 'customer' } }));
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  await firm.jump('12h');
  await happen(firm.pool, 'signed_up', [BO]);
  await look(firm, 'trial');
  await firm.jump('12h');
  await look(firm, 'trial');
  await firm.pool.query(`update lead set stage = 'customer' where email = $1`, [MEI.email]);
  await stir(firm, MEI);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ endReason: 'exitWhen' }]);

  await firm.jump('12h');
  const tidy = () => inTransaction(firm.pool, (tx) => cancelMoot(tx));
  await advanceWhile(firm, 'trial', tidy);
  await tidy();
  await answer(firm);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', BO.email)).toMatchObject([{ endReason: 'won' }]);
});

test('the company’s opportunity is accepted while a colleague’s handoff joins it: both go on', async () => {
  const firm = await workspace({ at: START, reps: ['ana'], documents: topics });
  const hot = {
    id: 'hot',
    handoff: {
      pool: 'sales',
      onAccepted: [{ id: 'sold', exit: 'accepted' }],
      timeout: { after: '20d', steps: [{ id: 'late', exit: 'late' }] },
    },
  };
  await launch(firm, campaignOf({ steps: [hot] }));
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  const { rows } = await firm.pool.query<{ id: string }>('select id from opportunity');
  const opportunityId = rows[0]!.id;
  await lookingAfter(firm.pool).lookAfter({ opportunityId });

  await launch(firm, campaignOf({ key: 'second', entry: { event: 'came' }, steps: [{ id: 'w', wait: '1d' }, hot] }));
  await happen(firm.pool, 'came', [BO]);
  await look(firm, 'second');
  await firm.jump('1d');
  await advanceWhile(firm, 'second', async () =>
    expect(await firm.post(`/v1/opportunities/${opportunityId}/accept`, { rep: 'ana' })).toHaveStatus(200),
  );
  for (const key of ['trial', 'second']) await look(firm, key);
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ endReason: 'accepted' }]);
  expect(await standing(firm, 'second', BO.email)).toMatchObject([{ endReason: 'accepted' }]);
  expect((await firm.pool.query('select from opportunity')).rowCount).toBe(1);
});

test('a webhook is answered while its enrolment is looked at for another reason; one who has left meanwhile is not called back', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const crm = await receiver(() => ({ status: 200, json: { id: 'c-7' } }));
  const steps = [
    { id: 'crm', webhook: { url: crm.url, set: { crm_id: 'id' } } },
    { id: 'told', exit: 'told' },
  ];
  await launch(firm, campaignOf({ ...plain, steps, exitWhen: { stage: 'customer' } }));
  await happen(firm.pool, 'signed_up', [MEI, BO]);
  await look(firm, 'trial');
  await stir(firm, MEI);
  await firm.pool.query(
    `update outgoing_call set due_at = due_at + interval '1 hour' where lead_id = (select id from lead where email = $1)`,
    [BO.email],
  );
  await advanceWhile(firm, 'trial', () => makeCalls(firm));
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ endReason: 'told' }]);
  expect(await standing(firm, 'trial', BO.email)).toMatchObject([{ stepId: 'crm', state: 'active' }]);

  // Bo buys; while the loop lets him go the call is on its way, and its answer comes after his end.
  await firm.pool.query(`update lead set stage = 'customer' where email = $1`, [BO.email]);
  await stir(firm, BO);
  await firm.jump('1h');
  await advanceWhile(firm, 'trial', () => makeCalls(firm));
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', BO.email)).toMatchObject([{ state: 'exited', endReason: 'exitWhen' }]);
  expect(crm.received.map(({ headers }) => headers['webhook-id'])).toHaveLength(2);
  expect((await firm.pool.query('select state, count(*)::int as n from outgoing_call group by state')).rows).toEqual([
    { state: 'done', n: 2 },
  ]);
  expect((await firm.pool.query(`select from enrolment where state = 'active'`)).rowCount).toBe(0);
});

test('a date moves while the step that hangs on it is entered: it is armed for the new one', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const webinar = (day: string) => ({ name: 'Pumps', kind: 'webinar', startsAt: `${day}T14:00:00Z`, endsAt: `${day}T15:00:00Z` });
  const steps = [
    { id: 'w', wait: '1d' },
    { id: 'soon', at: { date: 'occasion.starts_at', offset: '-1h' }, steps: [{ id: 'go', exit: 'reminded' }] },
  ];
  await firm.put('/v1/occasions/pumps', webinar('2026-03-10'));
  await launch(firm, campaignOf({ ...plain, entry: { event: 'registered' }, steps }));
  await firm.post('/v1/occasions/pumps/guests', { email: MEI.email, state: 'registered' });
  await look(firm, 'trial');
  await firm.jump('1d');
  await advanceWhile(firm, 'trial', () => firm.put('/v1/occasions/pumps', webinar('2026-03-08')));
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'soon', dueAt: new Date('2026-03-08T13:00:00Z') }]);

  // A lead's own date, and one that moves into the past while the loop is there.
  await launch(
    firm,
    campaignOf({
      key: 'own',
      ...plain,
      steps: [
        { id: 'w', wait: '1d' },
        { id: 'end', at: { date: 'lead.ends_on' }, steps: [{ id: 'go', exit: 'ended' }] },
      ],
    }),
  );
  const says = (ends_on: string) => firm.post('/v1/identify', { userId: 'bo', traits: { email: BO.email, ends_on } });
  await says('2026-03-20T00:00:00Z');
  await happen(firm.pool, 'signed_up', [BO]);
  await look(firm, 'own');
  await firm.jump('1d');
  await advanceWhile(firm, 'own', () => says('2026-03-06T00:00:00Z'));
  await look(firm, 'own');
  expect(await standing(firm, 'own', BO.email)).toMatchObject([{ stepId: 'end', dueAt: new Date('2026-03-06T00:00:00Z') }]);
});

test('two loops decide a split at once: everybody goes one way, one winner is found and stays', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const arms = ['a', 'b'].map((key) => ({ key, steps: [{ id: `mail-${key}`, send: { template: 'welcome', class: 'transactional' } }] }));
  const steps = [
    { id: 'ways', split: { arms, metric: { event: 'bought' }, minimum: 20, within: '1d' } },
    { id: 'end', exit: 'end' },
  ];
  await launch(firm, campaignOf({ ...plain, steps }));
  const people = (from: number, n: number) => Array.from({ length: n }, (_, i) => ({ email: `p${from + i}@firm.example` }));
  const all = () => Promise.all(Array.from({ length: 4 }, () => look(firm, 'trial')));
  const ways = async () =>
    (await firm.pool.query<{ arm: string; n: number }>('select arm, count(*)::int as n from split_member group by arm order by arm')).rows;

  await happen(firm.pool, 'signed_up', people(0, 200));
  await all();
  await acceptMails(firm);
  const first = await ways();
  expect(first.reduce((sum, { n }) => sum + n, 0)).toBe(200);
  const { rows: buyers } = await firm.pool.query<{ email: string }>(
    `select l.email from split_member m join enrolment e on e.id = m.enrolment_id join lead l on l.id = e.lead_id where m.arm = 'b'`,
  );
  await happen(firm.pool, 'bought', buyers);
  await firm.jump('2d');

  // Everybody who comes now is decided while the experiment is being judged, by four loops at once.
  await happen(firm.pool, 'signed_up', people(200, 200));
  await all();
  const winner = async () => (await firm.pool.query(`select winner, looks from split_experiment`)).rows;
  const found = await winner();
  expect(found).toMatchObject([{ winner: 'b' }]);
  await happen(firm.pool, 'signed_up', people(400, 100));
  const before = await ways();
  await all();
  const after = await ways();
  expect(after.map(({ arm, n }, i) => [arm, n - before[i]!.n])).toEqual([
    ['a', 0],
    ['b', 100],
  ]);
  expect(await winner()).toEqual(found);
  await acceptMails(firm);
  await all();
  const { rows } = await firm.pool.query(
    `select count(*)::int as mails, count(distinct enrolment_id)::int as people from send union all select count(*)::int, count(distinct enrolment_id)::int from split_member`,
  );
  expect(rows).toEqual([
    { mails: 500, people: 500 },
    { mails: 500, people: 500 },
  ]);
});

test('another campaign stops one that is just being advanced: what was begun stands, nothing comes after it', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const steps = [
    { id: 'w', wait: '1d' },
    { id: 'note', update: { tag: 'noted' } },
    { id: 'w2', wait: '1d' },
    { id: 'more', update: { tag: 'more' } },
  ];
  await launch(firm, campaignOf({ ...plain, steps }));
  await launch(
    firm,
    campaignOf({
      key: 'bought',
      ...plain,
      entry: { event: 'bought' },
      steps: [
        { id: 'enough', stop: 'trial' },
        { id: 'end', exit: 'end' },
      ],
    }),
  );
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  await firm.jump('1d');
  await happen(firm.pool, 'bought', [MEI]);
  await advanceWhile(firm, 'trial', () => look(firm, 'bought'));
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ state: 'active', stepId: 'w2' }]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ state: 'exited', endReason: 'stopped' }]);
  await firm.jump('5d');
  await look(firm, 'trial');
  expect((await firm.pool.query('select tags from lead')).rows).toEqual([{ tags: ['noted'] }]);
  expect((await firm.pool.query('select from enrolment_stop')).rowCount).toBe(0);
});

test('another campaign stops one that somebody is just entering: either they are in and leave, or they never enter', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(firm, campaignOf({ ...plain, steps: [{ id: 'w', wait: '9d' }] }));
  const [leadId] = await happen(firm.pool, 'signed_up', [MEI]);
  let entering: Promise<unknown> | undefined;
  await inTransaction(firm.pool, async (tx) => {
    await lockLeads(tx, [leadId!]);
    entering = look(firm, 'trial');
    await vi.waitFor(async () => {
      const { rows } = await firm.pool.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      expect(rows).toHaveLength(1);
    });
    await stopCampaigns(tx, [{ campaignKey: 'trial', leadId: leadId!, because: { by: 'bought', step: 'enough' } }]);
  });
  await entering;
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toEqual([]);
  const { rows } = await firm.pool.query(`select kind, because from journal where kind in ('entered', 'not_entered')`);
  expect(rows).toEqual([{ kind: 'not_entered', because: { rule: 'stopped', by: 'bought', step: 'enough' } }]);
});

test('the campaign that came first ends while another one of the lead’s is told to wait for it: the other goes on at once', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(
    firm,
    campaignOf({
      key: 'high',
      priority: 80,
      steps: [
        { id: 'w', wait: '1d' },
        { id: 'end', exit: 'end' },
      ],
    }),
  );
  await launch(
    firm,
    campaignOf({
      key: 'low',
      priority: 20,
      steps: [
        { id: 'w', wait: '1d' },
        { id: 'x', send: 'nudge' },
      ],
    }),
  );
  await happen(firm.pool, 'signed_up', [MEI]);
  for (const key of ['high', 'low']) await look(firm, key);
  await firm.jump('1d');
  await advanceWhile(firm, 'low', () => look(firm, 'high'));
  expect(await standing(firm, 'low', MEI.email)).toMatchObject([{ waiting: 'held:priority' }]);
  await look(firm, 'low');
  expect(await acceptMails(firm)).toEqual(['nudge']);
});
