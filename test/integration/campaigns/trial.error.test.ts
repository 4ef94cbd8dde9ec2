import { expect, test } from 'vitest';
import { campaignOf, topics } from '../../support/campaigns.ts';
import { workspace } from '../../support/workspace.ts';

const document = campaignOf({ steps: [{ id: 'w1', wait: '2d' }] });

test('what is asked of nobody, of no campaign or no version is refused', async () => {
  const firm = await workspace({ documents: topics });
  expect(await firm.post('/v1/campaigns', document)).toHaveStatus(201);
  expect(await firm.get('/v1/campaigns/trial/why-not')).toHaveStatus(422);
  expect(await firm.get('/v1/campaigns/trial/why-not?email=a@b.example')).toHaveStatus(404);
  expect(await firm.get('/v1/campaigns/other/why-not?email=a@b.example')).toHaveStatus(404);
  expect(await firm.post('/v1/campaigns/other/dry-run', {})).toHaveStatus(404);
  expect(await firm.post('/v1/campaigns/trial/dry-run', { since: 'ever' })).toHaveStatus(422);
  expect(await firm.post('/v1/campaigns/other/dry-run', { document })).toHaveStatus(422);
  expect(await firm.post('/v1/campaigns/trial/dry-run', { document: { ...document, steps: [] } })).toHaveStatus(422);
  expect(await firm.post('/v1/campaigns/trial/migrate', { from: 1, to: 2 })).toHaveStatus(404);
  expect(await firm.post('/v1/campaigns/trial/migrate', { from: 1, to: 1 })).toHaveStatus(422);
  expect(await firm.post('/v1/campaigns/trial/migrate', { from: 'one', to: 1 })).toHaveStatus(422);
  expect(await firm.post('/v1/campaigns/other/migrate', { from: 1, to: 2 })).toHaveStatus(404);
  expect(await firm.post('/v1/campaigns/trial/test', { to: 'nobody' })).toHaveStatus(422);
  expect(await firm.post('/v1/campaigns/other/test', { to: 'me@firm.example' })).toHaveStatus(404);
});
