import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test.each([
  ['no name', { scopes: ['read'] }, 'name'],
  ['no scope', { name: 'x', scopes: [] }, 'scopes'],
  ['an unknown scope', { name: 'x', scopes: ['root'] }, 'scopes.0'],
  ['an origin with a path', { name: 'x', scopes: ['ingest'], origins: ['https://a.example/x'] }, 'origins.0'],
  ['every origin', { name: 'x', scopes: ['ingest'], origins: ['*'] }, 'origins.0'],
  ['a key for browsers that could read', { name: 'x', scopes: ['ingest', 'read'], origins: ['https://a.example'] }, 'scopes'],
])('%s is refused by name', async (_, body, path) => {
  const firm = await workspace();
  const answer = await firm.post('/v1/keys', body);
  expect(answer).toHaveStatus(422);
  expect(await answer.json()).toMatchObject({ code: 'invalid', issues: [{ path }] });
});

test('what is not there cannot be revoked, nor the last key of an admin', async () => {
  const firm = await workspace();
  expect(await firm.delete('/v1/keys/not-an-id')).toHaveStatus(422);
  expect(await firm.delete('/v1/keys/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000')).toHaveStatus(404);
  const { rows } = await firm.pool.query<{ id: string }>(`select id from api_key where 'admin' = any(scopes)`);
  expect(rows).toHaveLength(1);
  expect(await firm.delete(`/v1/keys/${rows[0]!.id}`)).toHaveStatus(409);
  const second = await firm.newKey('admin');
  expect(await firm.with(second).delete(`/v1/keys/${rows[0]!.id}`)).toHaveStatus(204);
});
