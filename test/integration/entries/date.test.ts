import { expect, test } from 'vitest';
import { putDocument } from '../../../db/documents.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const steps = [{ id: 'w', wait: '200d' }];
const DECIDER = { email: 'ana@aguas.example', attributes: { buying_role: 'Decider' } };
const USER = { email: 'ben@aguas.example', attributes: { buying_role: 'user' } };

const active = (firm: Workspace, campaign: string, email: string) =>
  standing(firm, campaign, email).then((rows) => rows.map((row) => row.state));

async function contract(firm: Workspace, number: string, endsAt: string, rest: Record<string, unknown> = {}): Promise<void> {
  const told = await firm.put(`/v1/records/contract/${number}`, {
    account: { domain: 'aguas.example' },
    status: 'active',
    dates: { ends_at: endsAt },
    ...rest,
  });
  expect(told.ok).toBe(true);
}

test('ninety days before a contract ends its decider enters, once; a date that moves is armed anew', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await happen(firm.pool, 'signed_up', [USER, DECIDER]);
  await contract(firm, 'C-1', '2026-07-01');
  await launch(
    firm,
    campaignOf({
      key: 'renewal',
      entry: { date: 'contract.ends_at', offset: '-90d', where: { status: 'active' }, people: { roles: ['decider'], max: 1 } },
      reentry: { key: 'contract' },
      steps,
    }),
  );
  await contract(firm, 'C-2', '2026-05-01');
  await look(firm, 'renewal');
  expect(await active(firm, 'renewal', DECIDER.email)).toEqual([]);
  const seen = async (state: string) =>
    ((await (await firm.get(`/v1/campaigns/renewal/appointments?state=${state}`)).json()) as { items: unknown[] }).items;
  expect(await seen('armed')).toMatchObject([
    { entry: 'contract.ends_at', thing: { kind: 'contract', name: 'C-1' }, date: '2026-07-01', dueAt: '2026-04-02T00:00:00.000Z' },
  ]);
  expect(await seen('passed')).toMatchObject([{ thing: { name: 'C-2' }, note: 'it had passed when it was told' }]);
  await contract(firm, 'C-1', '2026-07-11');
  await look(firm, 'renewal');
  expect(await firm.jumpToNext()).toBe(true);
  expect(await firm.now()).toEqual(new Date('2026-04-12T00:00:00Z'));
  await look(firm, 'renewal');
  expect(await active(firm, 'renewal', DECIDER.email)).toEqual(['active']);
  expect(await active(firm, 'renewal', USER.email)).toEqual([]);
  const { rows: entered } = await firm.pool.query(`select entry from enrolment`);
  expect(entered).toMatchObject([{ entry: { contract: 'C-1', record_kind: 'contract', date: '2026-07-11' } }]);

  // A newer version with the same entry lets nobody in a second time.
  await launch(
    firm,
    campaignOf({
      key: 'renewal',
      entry: { date: 'contract.ends_at', offset: '-90d', people: { roles: ['decider'] } },
      reentry: { key: 'contract' },
      steps: [{ id: 'w', wait: '1d' }],
    }),
  );
  await look(firm, 'renewal');
  expect(await active(firm, 'renewal', DECIDER.email)).toEqual(['active']);

  // Renewed for a year: its new date lets them in again, unless they are in still.
  await firm.pool.query(`update enrolment set state = 'completed', ended_at = clock(), due_at = null`);
  await contract(firm, 'C-1', '2027-07-11');
  await look(firm, 'renewal');
  await firm.jump('2027-04-12T01:00:00Z');
  await look(firm, 'renewal');
  expect(await active(firm, 'renewal', DECIDER.email)).toEqual(['active', 'completed']);
});

test('dates of a lead and of an occasion; whose thing is not as wanted stays outside', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(firm, campaignOf({ key: 'trial-end', entry: { date: 'lead.trial_ends', offset: '-3d', ifPast: 'now' }, steps }));
  await launch(
    firm,
    campaignOf({
      key: 'visit',
      entry: { date: 'occasion.starts_at', offset: '-7d', where: { kind: 'visit' } },
      reentry: { key: 'occasion' },
      steps,
    }),
  );
  // Midnight in New York, three days before.
  await happen(firm.pool, 'signed_up', [
    { email: 'jo@us.example', timezone: 'America/New_York', attributes: { trial_ends: '2026-03-20' } },
  ]);
  await happen(firm.pool, 'signed_up', [
    { email: 'late@us.example', attributes: { trial_ends: '2026-03-01' } },
    { email: 'odd@us.example', attributes: { trial_ends: 'soon' } },
  ]);
  await look(firm, 'trial-end');
  expect(await active(firm, 'trial-end', 'late@us.example')).toEqual(['active']);
  expect(await firm.jumpToNext()).toBe(true);
  expect(await firm.now()).toEqual(new Date('2026-03-17T04:00:00Z'));
  await look(firm, 'trial-end');
  expect(await active(firm, 'trial-end', 'jo@us.example')).toEqual(['active']);
  expect(await active(firm, 'trial-end', 'odd@us.example')).toEqual([]);

  const day = { name: 'Open day', startsAt: '2026-04-10T08:00:00Z', endsAt: '2026-04-10T16:00:00Z', timezone: 'Europe/Berlin' };
  await firm.put('/v1/occasions/open-day', { ...day, kind: 'visit' });
  await firm.put('/v1/occasions/webinar', { ...day, kind: 'webinar' });
  for (const key of ['open-day', 'webinar']) {
    await firm.post(`/v1/occasions/${key}/guests?state=invited`, {
      guests: [{ email: 'mei@huadong.example' }, { email: 'gone@huadong.example', state: 'no_show' }],
    });
  }
  await look(firm, 'visit');
  await firm.jump('2026-04-03T08:00:01Z');
  await look(firm, 'visit');
  expect(await active(firm, 'visit', 'mei@huadong.example')).toEqual(['active']);
  expect(await active(firm, 'visit', 'gone@huadong.example')).toEqual([]);
  expect((await firm.pool.query(`select note from appointment where note like 'its kind%'`)).rows).toHaveLength(1);
});

test('a weekly schedule lets a segment in again each week; once is once; a pause that is skipped leaves it out', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await putDocument(firm.pool, 'segment', 'customers', { condition: { tag: 'customer' } });
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example', tags: ['customer'] }, { email: 'jo@us.example' }]);
  const weekly = { schedule: { every: { weekday: 'tue', at: '09:00' } }, segment: 'customers', timezone: 'Europe/Berlin' };
  await launch(firm, campaignOf({ key: 'letter', entry: weekly, steps: [{ id: 'w', wait: '1d' }] }));
  await launch(firm, campaignOf({ key: 'once', entry: { schedule: { at: '2026-03-05T10:00' }, segment: 'customers' }, steps }));
  for (const at of ['2026-03-03T08:00:00Z', '2026-03-04T08:00:00Z']) {
    expect(await firm.jumpToNext()).toBe(true);
    expect(await firm.now()).toEqual(new Date(at));
    await look(firm, 'letter');
    await look(firm, 'once');
  }
  expect(await active(firm, 'letter', 'mei@huadong.example')).toEqual(['completed']);
  await firm.jump('2026-03-10T08:00:00Z');
  await look(firm, 'letter');
  await look(firm, 'once');
  expect(await active(firm, 'letter', 'mei@huadong.example')).toEqual(['active', 'completed']);
  expect(await active(firm, 'letter', 'jo@us.example')).toEqual([]);
  expect(await active(firm, 'once', 'mei@huadong.example')).toEqual(['active']);
  expect((await firm.pool.query(`select entry from enrolment order by entered_at limit 1`)).rows).toEqual([
    { entry: { occurrence: '2026-03-03T08:00:00.000Z' } },
  ]);

  await firm.jump('2d');
  await look(firm, 'letter');
  await firm.post('/v1/campaigns/letter/pause');
  await firm.jump('7d');
  expect(await firm.post('/v1/campaigns/letter/resume', { overdue: 'skip' })).toHaveStatus(200);
  await look(firm, 'letter');
  expect(await active(firm, 'letter', 'mei@huadong.example')).toEqual(['completed', 'completed']);
  expect(
    (
      await firm.pool.query(
        `select date from appointment a join campaign c on c.id = a.campaign_id where key = 'letter' and a.state = 'armed'`,
      )
    ).rows,
  ).toEqual([{ date: '2026-03-24T08:00:00.000Z' }]);
  await firm.post('/v1/campaigns/letter/archive');
  expect(
    (await firm.pool.query(`select from appointment a join campaign c on c.id = a.campaign_id where key = 'letter' and a.state = 'armed'`))
      .rows,
  ).toEqual([]);
});
