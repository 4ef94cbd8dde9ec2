import { expect, test } from 'vitest';
import { archive } from '../../../db/campaign-life.ts';
import { requireCampaign } from '../../../db/campaigns.ts';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { workspace } from '../../support/workspace.ts';

const yaml = { 'content-type': 'application/yaml' };

test('what is no campaign is refused with every fault named, and nothing is stored', async () => {
  const firm = await workspace({ documents: topics });
  const answer = await firm.post('/v1/campaigns', campaignOf({ nmae: 'x', steps: [{ send: 'welcome' }, { id: 'b', brnach: [] }] }));
  expect(answer).toHaveStatus(422);
  const { issues } = (await answer.json()) as { issues: { path: string; reason: string }[] };
  expect(issues.map(({ path }) => path)).toEqual(expect.arrayContaining(['', 'steps.0.id', 'steps.1']));
  expect((await firm.pool.query('select from campaign')).rowCount).toBe(0);
});

test('two steps of one id, an unknown segment, a click on a step that sends nothing: each with its place', async () => {
  const firm = await workspace({ documents: topics });
  const faults = async (rest: object) =>
    (
      (await (await firm.post('/v1/campaigns/lint', campaignOf(rest as Record<string, unknown>))).json()) as {
        findings: { path: string }[];
      }
    ).findings.map(({ path }) => path);
  expect(
    await faults({
      steps: [
        { id: 'a', wait: '1d' },
        { id: 'a', wait: '1d' },
      ],
    }),
  ).toEqual(['steps.1.id']);
  expect(await faults({ exclude: ['rivals'], steps: [{ id: 'a', wait: '1d' }] })).toEqual(['exclude.0']);
  expect(
    await faults({
      steps: [
        { id: 'a', wait: '1d' },
        { id: 'b', branch: [{ when: { clicked: 'a' }, steps: [] }] },
      ],
    }),
  ).toEqual(['steps.1.branch.0.when']);
  const wait = [{ id: 'a', wait: '1d' }];
  expect(await faults({ exitWhen: { clicked: 'gone' }, steps: wait })).toEqual(['exitWhen']);
  expect(await faults({ exitWhen: { account: { anyone: { replied: 'hello' } } }, steps: [{ id: 'hello', send: 'welcome' }] })).toEqual([
    'exitWhen',
  ]);
  expect(await faults({ exitWhen: { account: { anyone: { 'lead.plan': '$entry.plan' } } }, steps: wait })).toEqual(['exitWhen']);
  expect(
    await faults({
      steps: [
        { id: 'a', exit: true },
        { id: 'b', wait: '1d' },
      ],
    }),
  ).toEqual(['steps.1']);
});

test('what cannot be read is 400, another type 415, an unknown campaign 404, a wrong state 409', async () => {
  const firm = await workspace({ documents: topics });
  expect(await firm.post('/v1/campaigns', 'key: [', yaml)).toHaveStatus(400);
  expect(await firm.post('/v1/campaigns', '{"key":', { 'content-type': 'application/json' })).toHaveStatus(400);
  expect(await firm.post('/v1/campaigns', 'key: x', { 'content-type': 'text/plain' })).toHaveStatus(415);
  for (const path of ['launch', 'pause', 'archive']) expect(await firm.post(`/v1/campaigns/nobody/${path}`)).toHaveStatus(404);
  expect(await firm.get('/v1/campaigns/nobody/splits')).toHaveStatus(404);
  await firm.post('/v1/campaigns', campaignOf({ steps: [{ id: 'a', wait: '1d' }] }));
  expect(await firm.post('/v1/campaigns/trial/pause')).toHaveStatus(409);
  expect(await firm.post('/v1/campaigns/trial/resume', { overdue: 'send' })).toHaveStatus(409);
  expect(await firm.post('/v1/campaigns/trial/resume', { overdue: 'later' })).toHaveStatus(422);
  expect(await firm.post('/v1/campaigns/trial/enrolments', { email: 'mei@huadong.example' })).toHaveStatus(409);
  await firm.post('/v1/campaigns/trial/launch');
  expect(await firm.post('/v1/campaigns/trial/enrolments', { email: 'nobody@huadong.example' })).toHaveStatus(404);
  expect(await firm.get('/v1/campaigns/trial/enrolments?cursor=zzz')).toHaveStatus(422);
});

test('a launch that an archive overtakes does not bring the campaign back to life', async () => {
  const firm = await workspace({ documents: topics });
  const document = campaignOf({ steps: [{ id: 'a', wait: '1d' }] });
  await launch(firm, document);
  const tx = await firm.pool.connect();
  try {
    await tx.query('begin');
    const { id } = await requireCampaign(tx, 'trial');
    expect(await archive(tx, id)).toBe(true);
    const late = firm.post('/v1/campaigns/trial/launch');
    await expect
      .poll(
        async () =>
          (
            await firm.pool.query(
              "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'update campaign%'",
            )
          ).rowCount,
      )
      .toBe(1);
    await tx.query('commit');
    expect(await late).toHaveStatus(409);
  } finally {
    tx.release();
  }
  expect(await (await firm.get('/v1/campaigns/trial')).json()).toMatchObject({ state: 'archived' });
});
