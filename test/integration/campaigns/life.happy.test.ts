import { expect, test } from 'vitest';
import { campaignOf, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const steps = [{ id: 'welcome', send: 'welcome' }];

test('a document is saved once, launched, paused, resumed and archived', async () => {
  const firm = await workspace({ documents: topics });
  const first = await firm.post('/v1/campaigns', campaignOf({ steps }));
  expect(first).toHaveStatus(201);
  expect(await first.json()).toMatchObject({ key: 'trial', state: 'draft', version: 1, liveVersion: null, warnings: [] });
  expect(await firm.post('/v1/campaigns', campaignOf({ steps }))).toHaveStatus(200);

  expect(await (await firm.post('/v1/campaigns/trial/launch')).json()).toMatchObject({ state: 'live', liveVersion: 1 });
  const second = await firm.post('/v1/campaigns', campaignOf({ name: 'Trial, shorter', steps }));
  expect(await second.json()).toMatchObject({ version: 2, liveVersion: 1, newestVersion: 2 });
  expect(await (await firm.post('/v1/campaigns/trial/pause')).json()).toMatchObject({ state: 'paused' });
  expect(await (await firm.post('/v1/campaigns/trial/resume', { overdue: { spread: '1h' } })).json()).toMatchObject({
    state: 'live',
    pausedAt: null,
  });
  expect(await (await firm.post('/v1/campaigns/trial/archive')).json()).toMatchObject({ state: 'archived' });
  expect(await (await firm.get('/v1/campaigns')).json()).toMatchObject({ items: [{ key: 'trial', state: 'archived' }] });
});

test('YAML is read as it stands in the file, comments and all', async () => {
  const firm = await workspace({ documents: topics });
  const yaml =
    '# ours\nkey: trial\nname: Trial\ntopic: news\nentry: { event: signed_up }\nsteps:\n  - { id: welcome, send: welcome } # at once\n';
  expect(await firm.post('/v1/campaigns', yaml, { 'content-type': 'application/yaml' })).toHaveStatus(201);
});

test('lint finds everything at once: where, why, and what to do instead', async () => {
  const firm = await workspace({ documents: topics });
  const answer = await firm.post(
    '/v1/campaigns/lint',
    campaignOf({
      topic: 'nwes',
      steps: [
        { id: 'welcome', send: 'wellcome' },
        { id: 'hand', handoff: { pool: 'nobody' } },
      ],
    }),
  );
  expect(await answer.json()).toMatchObject({
    ok: false,
    findings: [
      { level: 'error', path: 'topic', reason: "there is no consent topic 'nwes'" },
      { level: 'error', path: 'steps.0', reason: "there is no template 'wellcome'" },
      { level: 'error', path: 'steps.1', reason: "there is no pool 'nobody'" },
    ],
  });
});

test('who is put in by hand stands at the door, enters, and is found by step and state', async () => {
  const firm = await workspace({ documents: topics });
  await firm.post('/v1/campaigns', campaignOf({ steps }));
  await firm.post('/v1/campaigns/trial/launch');
  const [leadId] = await happen(firm.pool, 'nothing', [{ email: 'mei@huadong.example' }]);
  const answer = await firm.post('/v1/campaigns/trial/enrolments', { email: 'Mei@Huadong.example' });
  expect(answer).toHaveStatus(202);
  expect(await answer.json()).toEqual({ leadId });
  await look(firm, 'trial');
  const list = (await (await firm.get('/v1/campaigns/trial/enrolments?step=welcome&state=active')).json()) as { items: object[] };
  expect(list.items).toMatchObject([{ leadId, email: 'mei@huadong.example', version: 1, state: 'active', stepId: 'welcome', error: null }]);
  expect(await (await firm.get('/v1/campaigns/trial/enrolments?state=completed')).json()).toEqual({ items: [], nextCursor: null });
  expect(await (await firm.get('/v1/campaigns/trial')).json()).toMatchObject({
    entered: 1,
    active: 1,
    steps: [{ id: 'welcome', kind: 'send', active: 1, passed: 0 }],
  });
});
