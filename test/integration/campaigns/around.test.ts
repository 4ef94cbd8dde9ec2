import { expect, test } from 'vitest';
import { addPerson } from '../../support/ground.ts';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { workspace } from '../../support/workspace.ts';

test('pausing a person or a step needs write, reading the holdout read; a website’s key may do neither', async () => {
  const firm = await workspace({ documents: topics });
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  await launch(firm, campaignOf({ holdout: '10%', goal: { event: 'booked' }, steps: [{ id: 'a', wait: '1d' }] }));
  const reader = firm.with(await firm.newKey('read'));
  const website = firm.with(await firm.newKey('ingest'));
  for (const [path, body] of [
    [`/v1/leads/${id}/pause`, {}],
    [`/v1/leads/${id}/resume`, undefined],
    ['/v1/campaigns/trial/steps/a/pause', undefined],
    ['/v1/campaigns/trial/steps/a/resume', undefined],
  ] as const) {
    expect(await firm.anyone.post(path, body)).toHaveStatus(401);
    expect(await reader.post(path, body)).toHaveStatus(403);
    expect(await website.post(path, body)).toHaveStatus(403);
  }
  expect(await firm.anyone.get('/v1/campaigns/trial/holdout')).toHaveStatus(401);
  expect(await website.get('/v1/campaigns/trial/holdout')).toHaveStatus(403);
  expect(await reader.get('/v1/campaigns/trial/holdout')).toHaveStatus(200);

  expect(await firm.post('/v1/campaigns/trial/steps/b/pause')).toHaveStatus(404);
  expect(await firm.post('/v1/campaigns/nothing/steps/a/pause')).toHaveStatus(404);
  expect(await firm.post('/v1/campaigns/trial/steps/a/resume')).toHaveStatus(409);
  expect(await (await firm.post('/v1/campaigns/trial/steps/a/pause')).json()).toMatchObject({
    campaign: 'trial',
    paused: [{ stepId: 'a' }],
  });
  expect(await firm.post('/v1/campaigns/trial/steps/a/pause')).toHaveStatus(409);
  expect(await (await firm.post('/v1/campaigns/trial/steps/a/resume')).json()).toEqual({ campaign: 'trial', paused: [] });
  await launch(firm, campaignOf({ key: 'plain', steps: [{ id: 'a', wait: '1d' }] }));
  expect(await firm.get('/v1/campaigns/plain/holdout')).toHaveStatus(409);
});

test('rules that cannot have been meant are found', async () => {
  const firm = await workspace({ documents: topics });
  const findings = async (rest: Record<string, unknown>) => {
    const answer = await firm.post('/v1/campaigns/lint', campaignOf({ steps: [{ id: 'a', wait: '1d' }], ...rest }));
    return ((await answer.json()) as { findings: { level: string; path: string; reason: string }[] }).findings.map(
      ({ level, path, reason }) => `${level} ${path}: ${reason}`,
    );
  };
  expect(await findings({ holdout: '10%' })).toEqual([
    'error holdout: who is held out is compared on the goal, and this campaign has none',
  ]);
  expect(await findings({ holdout: '2%', goal: { event: 'booked' } })).toEqual([
    'warning holdout: of 1,000 who enter only 20 are held out; fewer than 100 are too few to read',
  ]);
  expect(await findings({ start: '2026-12-31', end: '2026-12-01', sending: { cap: { per: 'day', max: 1, topic: 'nwes' } } })).toEqual([
    "error sending.cap.0.topic: there is no consent topic 'nwes'",
    'error end: is not after start',
  ]);
  expect(await findings({ class: 'transactional', sending: { rate: '5/h' } })).toEqual([
    'warning sending.rate: transactional mail does not keep to it',
  ]);
  expect(await findings({ entry: { event: 'x', people: { max: 1 } } })).toEqual(["error entry.0: 'people' says who of a company"]);
  expect(await findings({ holdout: '0%' })).toEqual(['error holdout: is nobody: leave it out']);
  expect(await findings({ sending: { rate: 'fast' } })).toEqual(['error sending.rate: is not a pace such as 500/h, 20/m or 2000/d']);
});
