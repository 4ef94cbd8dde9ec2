import { expect, test } from 'vitest';
import { admitBatch } from '../../../activities/admit.ts';
import { advanceBatch } from '../../../activities/advance.ts';
import { createPlans } from '../../../activities/plans.ts';
import { loopCampaign, requireCampaign } from '../../../db/campaigns.ts';
import { lockReady } from '../../../db/enrolments.ts';
import { storeEvents } from '../../../db/events.ts';
import { inTransaction } from '../../../db/pool.ts';
import { lockLeads } from '../../../db/wakes.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, look, mailOfTests } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const MEI = { email: 'mei@huadong.example' };
const waiting = [
  { id: 'w', wait: '1d' },
  {
    id: 'pricing',
    waitFor: { event: 'pricing_viewed', timeout: '5d' },
    then: [{ id: 'saw', exit: 'saw prices' }],
    onTimeout: [{ id: 'not', exit: 'did not' }],
  },
];

async function inCampaign(steps: unknown[]): Promise<Workspace> {
  const firm = await workspace({ at: START, documents: topics });
  await launch(firm, campaignOf({ steps }));
  return firm;
}

const rangeOf = async (firm: Workspace) => ({ campaignId: (await requireCampaign(firm.pool, 'trial')).id, from: 0, to: 255 });

test('an event that lands while its step is being entered is not lost', async () => {
  const firm = await inCampaign(waiting);
  const [leadId] = await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');
  await firm.jump('1d');

  const range = await rangeOf(firm);
  await inTransaction(firm.pool, async (tx) => {
    const campaign = (await loopCampaign(tx, range))!;
    await advanceBatch(tx, createPlans(), range, campaign, await lockReady(tx, range, 10), mailOfTests);
    // The facts have been read; the step is entered when this transaction commits; the event comes in between.
    await inTransaction(firm.pool, async (other) => {
      await lockLeads(other, [leadId!]);
      await storeEvents(other, [{ leadId: leadId!, name: 'pricing_viewed', source: 'test' }]);
    });
  });
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'pricing' }]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ state: 'exited', endReason: 'saw prices' }]);
});

test('an event that lands while its lead is being enrolled waits for the enrolment and wakes it', async () => {
  const firm = await inCampaign(waiting.slice(1));
  const [leadId] = await happen(firm.pool, 'signed_up', [MEI]);
  const range = await rangeOf(firm);
  let stored: Promise<unknown> | undefined;
  await inTransaction(firm.pool, async (tx) => {
    await admitBatch(tx, createPlans(), range, 10, mailOfTests);
    stored = inTransaction(firm.pool, async (other) => {
      await lockLeads(other, [leadId!]);
      await storeEvents(other, [{ leadId: leadId!, name: 'pricing_viewed', source: 'test' }]);
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  await stored;
  expect((await firm.pool.query('select count(*)::int as n from wake')).rows).toEqual([{ n: 1 }]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ endReason: 'saw prices' }]);
});

test('four loops on one range advance each enrolment once', async () => {
  const firm = await inCampaign([
    { id: 'welcome', send: 'welcome' },
    { id: 'w', wait: '1d' },
    { id: 'nudge', send: 'nudge' },
  ]);
  const people = Array.from({ length: 3_000 }, (_, i) => ({ email: `p${i}@firm${i % 300}.example` }));
  await happen(firm.pool, 'signed_up', people);
  const all = () => Promise.all(Array.from({ length: 4 }, () => look(firm, 'trial')));
  await all();
  await acceptMails(firm);
  await all();
  await firm.jump('1d');
  await all();
  await acceptMails(firm);
  await all();
  expect((await firm.pool.query('select state, count(*)::int as n from enrolment group by state')).rows).toEqual([
    { state: 'completed', n: 3_000 },
  ]);
  expect((await firm.pool.query('select template, count(*)::int as n from send group by template order by template')).rows).toEqual([
    { template: 'nudge', n: 3_000 },
    { template: 'welcome', n: 3_000 },
  ]);
  const { rows } = await firm.pool.query(
    `select kind, step_id as step, count(*)::int as n, count(distinct enrolment_id)::int as people from journal where kind <> 'entered' group by kind, step_id`,
  );
  expect(rows.every(({ n, people: distinct }) => n === distinct && n === 3_000)).toBe(true);
});

test('an enrolment that SQL refuses is set aside with its reason; the thousand beside it go on', async () => {
  const firm = await inCampaign([{ id: 'welcome', send: { template: 'welcome', params: { note: 'x' } } }]);
  const people = Array.from({ length: 200 }, (_, i) => ({ email: `p${i}@firm.example` }));
  await happen(firm.pool, 'signed_up', people);
  await inTransaction(firm.pool, async (tx) => admitBatch(tx, createPlans(), await rangeOf(firm), 1_000, mailOfTests));
  await firm.pool.query(`create function refuse() returns trigger language plpgsql as $$ begin
    if new.lead_id = (select id from lead where email = 'p77@firm.example') then raise exception 'not this one'; end if; return new; end $$`);
  await firm.pool.query('create trigger refuse before insert on send for each row execute function refuse()');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'p77@firm.example')).toMatchObject([{ state: 'active', stepId: 'welcome', error: 'not this one' }]);
  expect((await firm.pool.query('select count(*)::int as n from send')).rows).toEqual([{ n: 199 }]);

  await firm.pool.query('drop trigger refuse on send');
  await firm.jump('1m');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'p77@firm.example')).toMatchObject([
    { error: null, waiting: expect.stringContaining('send:') as unknown },
  ]);
});

test('a worker that vanishes in the middle of a batch leaves everything as it was', async () => {
  const firm = await inCampaign([{ id: 'welcome', send: 'welcome' }]);
  await happen(firm.pool, 'signed_up', [MEI]);
  const range = await rangeOf(firm);
  await inTransaction(firm.pool, (tx) => admitBatch(tx, createPlans(), range, 10, mailOfTests));
  const client = await firm.pool.connect();
  client.on('error', () => {});
  await client.query('begin');
  await advanceBatch(client, createPlans(), range, (await loopCampaign(client, range))!, await lockReady(client, range, 10), mailOfTests);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await firm.pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
  client.release(new Error('gone'));
  expect((await firm.pool.query('select count(*)::int as n from send')).rows).toEqual([{ n: 0 }]);
  await look(firm, 'trial');
  expect((await firm.pool.query('select count(*)::int as n from send')).rows).toEqual([{ n: 1 }]);
});
