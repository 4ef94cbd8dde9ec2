import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test.each(['ingest', 'read', 'write'] as const)('a key with the scope %s neither makes, lists nor revokes keys', async (scope) => {
  const firm = await workspace();
  const key = firm.with(await firm.newKey(scope));
  expect(await key.post('/v1/keys', { name: 'mine', scopes: ['admin'] })).toHaveStatus(403);
  expect(await key.get('/v1/keys')).toHaveStatus(403);
  expect(await key.delete('/v1/keys/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000')).toHaveStatus(403);
  expect((await firm.pool.query('select from api_key')).rowCount).toBe(2);
});

test('without a key nothing is done, whatever the body', async () => {
  const firm = await workspace();
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Bearer tnd_', "Bearer tnd_'; drop table api_key; --", 'Basic Og==', 'Digest x']) {
    expect(await firm.anyone.post('/v1/keys', { nonsense: true }, { authorization })).toHaveStatus(401);
  }
  expect(await firm.anyone.get(`/v1/keys?key=${firm.adminKey}`)).toHaveStatus(401);
});
