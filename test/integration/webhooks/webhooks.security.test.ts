import { expect, test } from 'vitest';
import { receiver } from '../../support/receiver.ts';
import { listen, tellAll } from '../../support/webhooks.ts';
import { workspace } from '../../support/workspace.ts';

test('only an admin says who is told; our own network is nobody; reading shows no secret', async () => {
  const firm = await workspace();
  const body = { url: 'https://crm.example/hook', types: ['*'] };
  const [read, write, ingest] = [
    firm.with(await firm.newKey('read')),
    firm.with(await firm.newKey('write')),
    firm.with(await firm.newKey('ingest')),
  ];
  expect(await firm.anyone.post('/v1/webhooks', body)).toHaveStatus(401);
  for (const key of [read, write, ingest]) expect(await key.post('/v1/webhooks', body)).toHaveStatus(403);
  const { id, secret } = await listen(firm, body.url, ['*']);
  for (const path of ['', `/${id}`, `/${id}/messages`, '/types']) {
    expect(await ingest.get(`/v1/webhooks${path}`)).toHaveStatus(403);
    const shown = await read.get(`/v1/webhooks${path}`);
    expect(shown).toHaveStatus(200);
    expect(await shown.text()).not.toContain(secret);
  }
  expect(await write.post(`/v1/webhooks/${id}/secret/rotate`)).toHaveStatus(403);
  expect(await write.patch(`/v1/webhooks/${id}`, { state: 'disabled' })).toHaveStatus(403);
  expect(await write.delete(`/v1/webhooks/${id}`)).toHaveStatus(403);
  expect(await read.post(`/v1/webhooks/${id}/replay`, { state: 'dead' })).toHaveStatus(403);
  expect(await read.post(`/v1/webhooks/${id}/test`)).toHaveStatus(403);
  expect(await write.post(`/v1/webhooks/${id}/test`)).toHaveStatus(202);

  for (const url of ['http://127.0.0.1/x', 'http://169.254.169.254/latest', 'http://[::1]/', 'http://10.0.0.8/'])
    expect(await firm.post('/v1/webhooks', { url, types: ['*'] })).toHaveStatus(422);

  for (const path of ['/v1/leads/by/sap/1', '/v1/accounts/by/sap/1', '/v1/records/by/sap/order/1']) {
    expect(await firm.anyone.put(path, {})).toHaveStatus(401);
    for (const key of [read, ingest]) expect(await key.put(path, {})).toHaveStatus(403);
  }
  for (const path of ['/v1/leads/batch', '/v1/accounts/batch'])
    expect(await read.post(path, { system: 'sap', items: [{ externalId: '1' }] })).toHaveStatus(403);
});

test('a redirection is not followed, and what a name resolves to is looked at', async () => {
  const firm = await workspace({ env: { WEBHOOK_ALLOW: '127.0.0.1' } });
  const inside = await receiver();
  const outside = await receiver(() => ({ status: 307, headers: { location: inside.url } }));
  const { id } = await listen(firm, outside.url, ['*']);
  await firm.post(`/v1/webhooks/${id}/test`);
  await tellAll(firm);
  expect([outside.received.length, inside.received.length]).toEqual([1, 0]);
  expect(await (await firm.get(`/v1/webhooks/${id}/messages`)).json()).toMatchObject({ items: [{ state: 'queued', status: 307 }] });
});
