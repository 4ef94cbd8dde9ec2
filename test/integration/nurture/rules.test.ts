import { expect, test } from 'vitest';
import { putDocument } from '../../../db/documents.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { acceptMails, look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const MEI = { email: 'mei@huadong.example' };

async function inCampaign(rest: Record<string, unknown>): Promise<Workspace> {
  const firm = await workspace({ at: START, documents: topics });
  await launch(firm, campaignOf({ steps: [{ id: 'welcome', send: 'welcome' }], ...rest }));
  return firm;
}

async function signUp(firm: Workspace, properties: Record<string, unknown> = {}): Promise<void> {
  await happen(firm.pool, 'signed_up', [MEI], properties);
  await look(firm, 'trial');
}

/** Takes Mei through the one mail of the campaign. */
async function passThrough(firm: Workspace): Promise<void> {
  await acceptMails(firm);
  await look(firm, 'trial');
}

test('re-entry: never by default; after the time given; once per key', async () => {
  const never = await inCampaign({});
  await signUp(never);
  await passThrough(never);
  await signUp(never);
  expect(await standing(never, 'trial', MEI.email)).toHaveLength(1);
  const { rows } = await never.pool.query(`select because from journal where kind = 'not_entered'`);
  expect(rows).toEqual([{ because: { rule: 'reentry', reason: 'was in it before' } }]);

  const after = await inCampaign({ reentry: { after: '90d' } });
  await signUp(after);
  await passThrough(after);
  await after.jump('89d');
  await signUp(after);
  expect(await standing(after, 'trial', MEI.email)).toHaveLength(1);
  await after.jump('1d');
  await signUp(after);
  expect(await standing(after, 'trial', MEI.email)).toHaveLength(2);

  const keyed = await inCampaign({ reentry: { key: 'occasion' } });
  await signUp(keyed, { occasion: 'hannover' });
  await signUp(keyed, { occasion: 'hannover' });
  await signUp(keyed, { occasion: 'shanghai' });
  expect(await standing(keyed, 'trial', MEI.email)).toMatchObject([{ state: 'active' }, { state: 'active' }]);
});

test('who is in an excluded segment does not enter, and why is in the journal', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await putDocument(firm.pool, 'segment', 'competitors', { condition: { 'lead.email': { contains: '@rival.example' } } });
  await launch(firm, campaignOf({ exclude: ['competitors'], steps: [{ id: 'welcome', send: 'welcome' }] }));
  await happen(firm.pool, 'signed_up', [{ email: 'spy@rival.example' }, MEI]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'spy@rival.example')).toEqual([]);
  expect(await standing(firm, 'trial', MEI.email)).toHaveLength(1);
  expect((await firm.pool.query(`select because ->> 'segment' as segment from journal where kind = 'not_entered'`)).rows).toEqual([
    { segment: 'competitors' },
  ]);
});

test('where and if: the event must say so, and the lead must be so', async () => {
  const firm = await inCampaign({ entry: { event: 'signed_up', where: { plan: 'pro' }, if: { 'lead.country': { in: ['DE', 'AT'] } } } });
  await happen(firm.pool, 'signed_up', [{ ...MEI, country: 'DE' }], { plan: 'free' });
  await happen(firm.pool, 'signed_up', [{ email: 'jo@us.example', country: 'US' }], { plan: 'Pro' });
  await happen(firm.pool, 'signed_up', [{ email: 'al@at.example', country: 'AT' }], { plan: 'Pro' });
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toEqual([]);
  expect(await standing(firm, 'trial', 'jo@us.example')).toEqual([]);
  expect(await standing(firm, 'trial', 'al@at.example')).toHaveLength(1);
});

test('paused, nothing moves and clocks run on; resumed with skip, what fell due meanwhile is left out', async () => {
  const firm = await inCampaign({
    steps: [
      { id: 'w', wait: '2d' },
      { id: 'welcome', send: 'welcome' },
      { id: 'w2', wait: '5d' },
      { id: 'nudge', send: 'nudge' },
    ],
  });
  await signUp(firm);
  await firm.post('/v1/campaigns/trial/pause');
  await firm.jump('3d');
  expect((await look(firm, 'trial')).look).toEqual({ sleepMs: null });
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'w' }]);
  expect(await firm.post('/v1/campaigns/trial/resume', { overdue: 'skip' })).toHaveStatus(200);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'w2', dueAt: new Date('2026-03-09T09:00:00Z') }]);
  await firm.jump('5d');
  await look(firm, 'trial');
  expect(await acceptMails(firm)).toEqual(['nudge']);
});

test('resumed with send it goes at once; with spread it is strewn over the time given', async () => {
  const people = Array.from({ length: 50 }, (_, i) => ({ email: `p${i}@firm.example` }));
  const firm = await inCampaign({
    steps: [
      { id: 'w', wait: '1d' },
      { id: 'welcome', send: 'welcome' },
    ],
  });
  await happen(firm.pool, 'signed_up', people);
  await look(firm, 'trial');
  await firm.post('/v1/campaigns/trial/pause');
  await firm.jump('2d');
  await firm.post('/v1/campaigns/trial/resume', { overdue: { spread: '2h' } });
  await look(firm, 'trial');
  expect((await acceptMails(firm)).length).toBeLessThan(10);
  await firm.jump('1h');
  await look(firm, 'trial');
  const half = (await acceptMails(firm)).length;
  expect(half).toBeGreaterThan(10);
  expect(half).toBeLessThan(40);
  await firm.jump('1h');
  await look(firm, 'trial');
  await acceptMails(firm);
  const { rows } = await firm.pool.query(`select count(*)::int as n from send where state = 'accepted'`);
  expect(rows).toEqual([{ n: 50 }]);
});

test('archived, everyone leaves, queued mail is cancelled and the loop is done', async () => {
  const firm = await inCampaign({});
  await signUp(firm);
  expect(await firm.post('/v1/campaigns/trial/archive')).toHaveStatus(200);
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ state: 'exited', endReason: 'archived', dueAt: null }]);
  expect((await firm.pool.query('select state, reason from send')).rows).toEqual([{ state: 'cancelled', reason: 'archived' }]);
  expect((await look(firm, 'trial')).look).toBe('done');
  expect(await firm.post('/v1/campaigns/trial/launch')).toHaveStatus(409);
});

test('a new version takes newcomers; those under way stay on theirs', async () => {
  const firm = await inCampaign({
    steps: [
      { id: 'w', wait: '1d' },
      { id: 'welcome', send: 'welcome' },
    ],
  });
  await signUp(firm);
  await launch(
    firm,
    campaignOf({
      steps: [
        { id: 'w', wait: '1d' },
        { id: 'other', send: 'nudge' },
      ],
    }),
  );
  await happen(firm.pool, 'signed_up', [{ email: 'new@firm.example' }]);
  await look(firm, 'trial');
  await firm.jump('1d');
  await look(firm, 'trial');
  expect(await acceptMails(firm)).toEqual(['nudge', 'welcome']);
});

test('somebody without an address is led past the mail, with the reason in the journal', async () => {
  const firm = await inCampaign({});
  await happen(firm.pool, 'signed_up', [{ phone: '+4930901820' }]);
  await look(firm, 'trial');
  expect((await firm.pool.query('select state from enrolment')).rows).toEqual([{ state: 'completed' }]);
  expect((await firm.pool.query(`select because ->> 'skipped' as why from journal where kind = 'stepped'`)).rows).toEqual([
    { why: 'no email address' },
  ]);
});

test('a window holds the mail until it opens in the lead’s own zone', async () => {
  const firm = await inCampaign({ sending: { window: { days: 'mon-fri', from: '09:00', to: '17:00' }, timezone: 'lead' } });
  await happen(firm.pool, 'signed_up', [{ ...MEI, timezone: 'America/New_York' }]);
  await look(firm, 'trial');
  expect((await firm.pool.query('select due_at from send')).rows).toEqual([{ due_at: new Date('2026-03-02T14:00:00Z') }]);
});

test('with an open opportunity marketing mail waits until it is closed', async () => {
  const firm = await inCampaign({
    steps: [
      { id: 'hand', handoff: {} },
      { id: 'welcome', send: 'welcome' },
    ],
  });
  await signUp(firm);
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ stepId: 'welcome', waiting: 'sales' }]);
  await firm.pool.query(`update opportunity set state = 'lost', closed_at = clock(), next_look_at = null`);
  await happen(firm.pool, 'opportunity_closed', [MEI]);
  await look(firm, 'trial');
  expect(await acceptMails(firm)).toEqual(['welcome']);
});
