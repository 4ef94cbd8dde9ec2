import { expect, test } from 'vitest';
import { createKey } from '../../../db/api-keys.ts';
import { workspace } from '../../support/workspace.ts';
import { basic } from './support.ts';

const call = { userId: 'u1', event: 'x' };

test('a key is needed, in force and with the scope ingest', async () => {
  const firm = await workspace();
  const none = await firm.anyone.post('/v1/track', call);
  expect(none).toHaveStatus(401);
  expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
  expect(await firm.anyone.post('/v1/track', call, basic('tnd_unknown'))).toHaveStatus(401);
  expect(await firm.anyone.post('/v1/track', call, { authorization: 'Basic !!!' })).toHaveStatus(401);
  expect(await firm.anyone.post('/v1/track', { ...call, writeKey: 'tnd_unknown' })).toHaveStatus(401);
  expect(await firm.anyone.post('/v1/track', call, basic(await firm.newKey('read', 'write')))).toHaveStatus(403);
  expect(await firm.anyone.post('/v1/track', call, basic(firm.adminKey))).toHaveStatus(200);
});

test('a key that was revoked is refused at once by the process that revoked it', async () => {
  const firm = await workspace();
  const { key, stored } = await createKey(firm.pool, { name: 'x', scopes: ['ingest'] });
  expect(await firm.anyone.post('/v1/track', call, basic(key))).toHaveStatus(200);
  expect(await firm.delete(`/v1/keys/${stored.id}`)).toHaveStatus(204);
  expect(await firm.anyone.post('/v1/track', call, basic(key))).toHaveStatus(401);
});

test("a browser's key works from its origins only, and reads nothing anywhere", async () => {
  const firm = await workspace();
  const { key } = await createKey(firm.pool, {
    name: 'site',
    scopes: ['ingest'],
    origins: ['https://www.pumps.example', 'https://*.pumps.test'],
  });
  const from = (origin?: string) => firm.anyone.post('/v1/track', { ...call, writeKey: key }, origin ? { origin } : {});
  for (const origin of ['https://www.pumps.example', 'https://shop.pumps.test', 'https://a.b.pumps.test']) {
    const answer = await from(origin);
    expect(answer).toHaveStatus(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
  }
  for (const origin of [
    undefined,
    'https://pumps.test',
    'https://evilpumps.test',
    'http://www.pumps.example',
    'https://www.pumps.example.evil.test',
    'null',
  ]) {
    const answer = await from(origin);
    expect(answer).toHaveStatus(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(await firm.with(key).get('/v1/keys', { origin: 'https://www.pumps.example' })).toHaveStatus(403);
});

test("a browser's key is limited for each address; a server's is not", async () => {
  const firm = await workspace({ env: { TRACK_RATE: '2', TRUSTED_PROXIES: '1' } });
  const { key } = await createKey(firm.pool, { name: 'site', scopes: ['ingest'], origins: ['https://www.pumps.example'] });
  const origin = 'https://www.pumps.example';
  const from = (address: string, path = '/v1/track', body: object = call) =>
    firm.anyone.post(path, { ...body, writeKey: key }, { origin, 'x-forwarded-for': address });
  expect(await from('192.0.2.1')).toHaveStatus(200);
  expect(await from('192.0.2.1', '/v1/batch', { batch: [{ ...call, type: 'track' }] })).toHaveStatus(200);
  const refused = await from('192.0.2.1');
  expect(refused).toHaveStatus(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
  expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
  expect(await from('192.0.2.2')).toHaveStatus(200);
  const server = basic(await firm.newKey('ingest'));
  for (let i = 0; i < 5; i++) expect(await firm.anyone.post('/v1/track', call, server)).toHaveStatus(200);
});

test('a preflight is answered for origins that some key in force lists', async () => {
  const firm = await workspace();
  await createKey(firm.pool, { name: 'site', scopes: ['ingest'], origins: ['https://www.pumps.example'] });
  const preflight = (origin: string) =>
    firm.anyone.request('/v1/batch', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const allowed = await preflight('https://www.pumps.example');
  expect(allowed).toHaveStatus(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://www.pumps.example');
  expect(allowed.headers.get('access-control-allow-methods')).toBe('POST');
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
});
