import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('reading the clock needs a key that reads, setting it an admin', async () => {
  const firm = await workspace();
  expect(await firm.anyone.get('/v1/clock')).toHaveStatus(401);
  expect(await firm.anyone.post('/v1/clock', { action: 'freeze' })).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('ingest')).get('/v1/clock')).toHaveStatus(403);
  expect(await firm.with(await firm.newKey('read')).get('/v1/clock')).toHaveStatus(200);
  expect(await firm.with(await firm.newKey('write')).post('/v1/clock', { action: 'freeze' })).toHaveStatus(403);
});

test('in production nobody sets the clock, and nothing moves', async () => {
  const firm = await workspace({ env: { TENDRIL_ENV: 'production' } });
  expect(await firm.post('/v1/clock', { action: 'jump', by: '3d' })).toHaveStatus(403);
  expect(await (await firm.get('/v1/clock')).json()).toMatchObject({ rate: 1 });
});
