import { expect, test } from 'vitest';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { violations } from '../../support/chaos.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const HOUR = 3_600_000;
/** A Sunday: the first mail is queued for Monday. */
const START = new Date('2026-03-01T12:00:00Z');
const people = Array.from({ length: 12 }, (_, n) => ({ email: `p${n}@firm${n}.example` }));

const steps = [
  { id: 'hello', send: 'welcome' },
  { id: 'w', wait: '2d' },
  {
    id: 'interest',
    waitFor: { event: 'pricing_viewed', timeout: '2d' },
    then: [{ id: 'case', send: 'study' }],
    onTimeout: [{ id: 'nudge', send: 'nudge' }],
  },
  {
    id: 'ab',
    split: [
      { key: 'a', steps: [{ id: 'a1', send: 'thanks' }] },
      { key: 'b', steps: [{ id: 'b1', wait: '1d' }] },
    ],
  },
  { id: 'tuesday', wait: { until: { weekday: 'tue', at: '10:00' } } },
  { id: 'last', send: 'last-call' },
  { id: 'w2', wait: '2d' },
  { id: 'bye', send: 'nudge' },
];
const window = { days: 'mon-fri', from: '09:00', to: '17:00' };

interface Way {
  email: string;
  state: string;
  passed: string[];
  mails: string[];
}

/** Which way everybody went, and what they were sent; the split is by lot and another in each campaign, so what its arms do is left out. */
async function ways({ pool }: Workspace, campaign: string): Promise<Way[]> {
  const { rows } = await pool.query<Way>(
    `select l.email, e.state,
            array(select step_id from journal where enrolment_id = e.id and kind = 'stepped' and step_id not in ('a1', 'b1') order by step_id) as passed,
            array(select step_id from send where enrolment_id = e.id and state = 'accepted' and step_id <> 'a1' order by step_id) as mails
       from enrolment e join campaign c on c.id = e.campaign_id join lead l on l.id = e.lead_id where c.key = $1 order by l.email`,
    [campaign],
  );
  return rows;
}

test(
  'campaigns that are paused, by all their steps or by one, lose and repeat nothing beside one that never was',
  { timeout: 120_000 },
  async () => {
    const firm = await workspace({ at: START, documents: topics });
    for (const key of ['plain', 'sent', 'spread', 'skipped', 'stepwise'])
      await launch(firm, campaignOf({ key, name: key, sending: { window, timezone: 'UTC' }, steps }));
    await firm.startWorker();
    await happen(firm.pool, 'signed_up', people);
    await firm.settle();

    const switches = async (turn: 'pause' | 'resume', stopped: string): Promise<void> => {
      const overdue = { sent: 'send', spread: { spread: '2h' }, skipped: 'skip' };
      for (const [key, how] of Object.entries(overdue))
        expect(await firm.post(`/v1/campaigns/${key}/${turn}`, turn === 'resume' ? { overdue: how } : undefined)).toHaveStatus(200);
      expect(await firm.post(`/v1/campaigns/stepwise/steps/${stopped}/${turn}`)).toHaveStatus(200);
    };
    // Over the first mail's leaving; in the wait and beyond the event; in the wait for Tuesday and beyond it.
    const acts = [
      { at: '2026-03-01T13:00:00Z', act: () => switches('pause', 'hello') },
      { at: '2026-03-03T10:30:00Z', act: () => switches('resume', 'hello') },
      { at: '2026-03-04T10:00:00Z', act: () => switches('pause', 'interest') },
      { at: '2026-03-04T12:00:00Z', act: () => happen(firm.pool, 'pricing_viewed', people.slice(0, 6)) },
      { at: '2026-03-10T12:00:00Z', act: () => switches('resume', 'interest') },
      { at: '2026-03-11T15:00:00Z', act: () => switches('pause', 'tuesday') },
      { at: '2026-03-18T09:30:00Z', act: () => switches('resume', 'tuesday') },
    ];
    for (;;) {
      const { nextDue } = (await (await firm.get('/v1/clock')).json()) as { nextDue: string | null };
      // What is strewn over two hours need not be seen one by one.
      const due = nextDue ? Math.max(Date.parse(nextDue), (await firm.now()).getTime() + HOUR) : Infinity;
      const next = Math.min(due, acts[0] ? Date.parse(acts[0].at) : Infinity);
      if (next === Infinity) break;
      await firm.jump(new Date(next));
      if (acts[0] && Date.parse(acts[0].at) <= next) await acts.shift()!.act();
      await firm.settle();
    }

    const plain = await ways(firm, 'plain');
    expect(plain).toHaveLength(people.length);
    expect(new Set(plain.map(({ state }) => state))).toEqual(new Set(['completed']));
    for (const key of ['sent', 'spread', 'stepwise']) expect(await ways(firm, key), key).toEqual(plain);
    const skipped = await ways(firm, 'skipped');
    expect(skipped.map(({ email, state, passed }) => ({ email, state, passed }))).toEqual(
      plain.map(({ email, state, passed }) => ({ email, state, passed })),
    );
    // All its mails fell due in pauses but the last, for which the clock ran on from when the one before would have gone; and but the answer
    // to what happened meanwhile, which is given now.
    for (const { email, mails } of skipped) expect(mails, email).toEqual(/^p[0-5]@/.test(email) ? ['bye', 'case'] : ['bye']);
    expect(await violations(firm)).toEqual([]);
  },
);

test('resumed with skip, what comes after a mail that was queued counts from when it would have gone: nothing that happened since is lost', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  const interest = { id: 'i', waitFor: { event: 'pricing_viewed', since: 'step', timeout: '9d' }, then: [{ id: 'case', send: 'study' }] };
  const steps = [{ id: 'm', send: 'welcome' }, { id: 'w', wait: '1d' }, interest];
  await launch(firm, campaignOf({ sending: { window: { days: 'tue', from: '09:00', to: '17:00' }, timezone: 'UTC' }, steps }));
  await happen(firm.pool, 'signed_up', people.slice(0, 1));
  await look(firm, 'trial');
  await firm.post('/v1/campaigns/trial/pause');
  await firm.jump('2026-03-05T09:00:00Z');
  await happen(firm.pool, 'pricing_viewed', people.slice(0, 1));
  await firm.jump('2026-03-06T09:00:00Z');
  expect(await firm.post('/v1/campaigns/trial/resume', { overdue: 'skip' })).toHaveStatus(200);
  await look(firm, 'trial');
  const { rows } = await firm.pool.query('select step_id as step, state, due_at as "dueAt" from send order by queued_at, id');
  expect(rows).toEqual([
    { step: 'm', state: 'cancelled', dueAt: new Date('2026-03-03T09:00:00Z') },
    { step: 'case', state: 'queued', dueAt: new Date('2026-03-10T09:00:00Z') },
  ]);
});

test('resumed with spread, newcomers of the pause come strewn too: by what they did, and by a schedule', async () => {
  const firm = await workspace({
    at: '2026-03-02T09:00:00Z',
    documents: { ...topics, segment: { all: { condition: { stage: 'lead' } } } },
  });
  const entry = [{ event: 'signed_up' }, { schedule: { at: '2026-03-03T09:00' }, segment: 'all', timezone: 'UTC' }];
  await launch(firm, campaignOf({ entry, steps: [{ id: 'w', wait: '9d' }] }));
  await happen(firm.pool, 'visited', people);
  await look(firm, 'trial');
  await firm.post('/v1/campaigns/trial/pause');
  await happen(firm.pool, 'signed_up', people.slice(0, 6));
  await firm.jump('2026-03-04T09:00:00Z');
  expect(await firm.post('/v1/campaigns/trial/resume', { overdue: { spread: '2h' } })).toHaveStatus(200);
  const entered = async () => {
    await look(firm, 'trial');
    return (await firm.pool.query<{ at: Date }>('select arrived_at as at from enrolment')).rows.length;
  };
  expect(await entered()).toBeLessThan(2);
  await firm.jump('1h');
  const half = await entered();
  expect(half).toBeGreaterThan(1);
  expect(half).toBeLessThan(people.length);
  await firm.jump('1h');
  expect(await entered()).toBe(people.length);
});

test('a step that goes on leaves the mails their places in the throttle; only what the pause put off goes at once', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  await launch(firm, campaignOf({ sending: { rate: '10/h' }, steps: [{ id: 'm', send: 'welcome' }] }));
  await happen(firm.pool, 'signed_up', people.slice(0, 5));
  await look(firm, 'trial');
  const places = async () =>
    (await firm.pool.query<{ at: Date }>('select due_at as at from send order by due_at')).rows.map(({ at }) => at);
  const given = await places();
  expect(new Set(given.map(Number)).size).toBe(5);
  await firm.post('/v1/campaigns/trial/steps/m/pause');
  expect(await firm.post('/v1/campaigns/trial/steps/m/resume')).toHaveStatus(200);
  expect(await places()).toEqual(given);
});
