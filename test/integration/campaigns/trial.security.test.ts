import { expect, test } from 'vitest';
import { campaignOf, topics } from '../../support/campaigns.ts';
import { workspace } from '../../support/workspace.ts';

test('looking needs read; sending a test and moving people need write', async () => {
  const firm = await workspace({ documents: topics });
  await firm.post('/v1/campaigns', campaignOf({ steps: [{ id: 'w1', wait: '2d' }] }));
  const browser = firm.with(await firm.newKey('ingest'));
  const reader = firm.with(await firm.newKey('read'));
  for (const [who, status] of [
    [firm.anyone, 401],
    [browser, 403],
  ] as const) {
    expect(await who.get('/v1/campaigns/trial/why-not?email=a@b.example')).toHaveStatus(status);
    expect(await who.post('/v1/campaigns/trial/dry-run', {})).toHaveStatus(status);
    expect(await who.post('/v1/campaigns/trial/test', { to: 'me@firm.example' })).toHaveStatus(status);
    expect(await who.post('/v1/campaigns/trial/migrate', { from: 1, to: 2 })).toHaveStatus(status);
  }
  expect(await reader.post('/v1/campaigns/trial/dry-run', {})).toHaveStatus(200);
  expect(await reader.post('/v1/campaigns/trial/test', { to: 'me@firm.example' })).toHaveStatus(403);
  expect(await reader.post('/v1/campaigns/trial/migrate', { from: 1, to: 2 })).toHaveStatus(403);
});
