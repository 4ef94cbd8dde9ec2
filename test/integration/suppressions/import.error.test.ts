import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('what is no list of addresses is refused with the reason, and bars nobody; only who may write imports, only who may read exports', async () => {
  const firm = await workspace();
  const send = (body: string | null, { query = '', key = firm.adminKey, ...headers }: Record<string, string> = {}) =>
    firm.anyone.request(`/v1/suppressions/import${query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv', ...(key && { authorization: `Bearer ${key}` }), ...headers },
    });
  for (const body of ['', 'name,city\nAna,Berlin\n', '\n\n']) expect(await send(body)).toHaveStatus(422);
  expect(await send('email\n"a@x.example')).toHaveStatus(422);
  expect(await send(`email\na@x.example,${'x'.repeat(300_000)}\n`)).toHaveStatus(422);
  expect(await send(`email\n"${'a,\n'.repeat(100_000)}`)).toHaveStatus(422);
  expect(await send('a@x.example', { query: '?kind=spam' })).toHaveStatus(422);
  expect(await send('{}', { 'content-type': 'application/json' })).toHaveStatus(415);
  expect(await send('a@x.example', { 'content-encoding': 'gzip' })).toHaveStatus(400);
  expect(await send('a@x.example', { key: '' })).toHaveStatus(401);
  expect(await send('a@x.example', { key: await firm.newKey('read') })).toHaveStatus(403);
  expect(await firm.anyone.get('/v1/suppressions/export')).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('ingest')).get('/v1/suppressions/export')).toHaveStatus(403);
  expect((await firm.pool.query('select from suppression')).rowCount).toBe(0);
});
