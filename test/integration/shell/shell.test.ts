import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('it says how it is: alive, ready, measured, documented', async () => {
  const firm = await workspace();
  expect(await firm.anyone.get('/healthz')).toHaveStatus(200);
  expect(await firm.anyone.get('/readyz')).toHaveStatus(200);
  const metrics = await firm.anyone.get('/metrics');
  expect(metrics).toHaveStatus(200);
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
  const document = (await (await firm.anyone.get('/openapi.json')).json()) as { openapi: string; paths: object };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toContain('/v1/keys');
  expect(await firm.anyone.get('/docs')).toHaveStatus(200);
  expect(await (await firm.anyone.get('/docs/errors')).text()).toContain('id="conflict"');
});

test('without Temporal it is alive but not ready, and says which service is missing', async () => {
  const firm = await workspace({ env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } });
  expect(await firm.anyone.get('/healthz')).toHaveStatus(200);
  const ready = await firm.anyone.get('/readyz');
  expect(ready).toHaveStatus(503);
  expect(await ready.json()).toMatchObject({ code: 'unavailable', detail: 'Not reachable: Temporal' });
});

test('in production the metrics need a key', async () => {
  const firm = await workspace({ env: { TENDRIL_ENV: 'production' } });
  expect(await firm.anyone.get('/metrics')).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('ingest')).get('/metrics')).toHaveStatus(403);
  expect(await firm.with(await firm.newKey('read')).get('/metrics')).toHaveStatus(200);
});

test('what is not there, and what is not done there, are told apart', async () => {
  const firm = await workspace();
  const lost = await firm.anyone.get('/v1/nothing');
  expect(lost).toHaveStatus(404);
  expect(await lost.json()).toMatchObject({
    type: '/docs/errors#not_found',
    status: 404,
    code: 'not_found',
    requestId: lost.headers.get('x-request-id'),
  });
  const wrong = await firm.request('/v1/keys', { method: 'PUT' });
  expect(wrong).toHaveStatus(405);
  expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
});

test('every answer carries careful headers', async () => {
  const firm = await workspace();
  for (const path of ['/healthz', '/v1/keys', '/nothing', '/openapi.json']) {
    const { headers } = await firm.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('cache-control')).not.toBeNull();
  }
});

test('bodies are bounded, packed and unpacked, whatever they say of their length', async () => {
  const firm = await workspace({ env: { BODY_LIMIT: '2000' } });
  const key = { name: 'x', scopes: ['read'] };
  const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
    firm.request('/v1/keys', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
      duplex: 'half',
    });
  expect(await post(gzipSync(JSON.stringify(key)), { 'content-encoding': 'gzip' })).toHaveStatus(201);
  expect(await post(gzipSync(JSON.stringify(key) + ' '.repeat(3_000)), { 'content-encoding': 'gzip' })).toHaveStatus(413);
  expect(await post('not gzip', { 'content-encoding': 'gzip' })).toHaveStatus(400);
  expect(await post('x', { 'content-encoding': 'br' })).toHaveStatus(415);
  expect(await post(' '.repeat(3_000))).toHaveStatus(413);
  const drip = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode(' '.repeat(500)));
    },
  });
  expect(await post(drip)).toHaveStatus(413);
  expect(await post('{"name": "x", ')).toHaveStatus(400);
  expect(await post(JSON.stringify(key), { 'content-type': 'text/csv' })).toHaveStatus(415);
});

test('what Postgres cannot store is a bad request, not a failure of ours', async () => {
  const firm = await workspace();
  expect(await firm.post('/v1/keys', { name: 'a\u0000b', scopes: ['read'] })).toHaveStatus(400);
});

test('when Postgres is gone the answer is 503, and nothing of why leaks out', async () => {
  const firm = await workspace({ env: { DATABASE_URL: 'postgresql://nobody:s3cret@127.0.0.1:1/none' } });
  const answer = await firm.get('/v1/keys');
  expect(answer).toHaveStatus(503);
  expect(await answer.text()).not.toMatch(/s3cret|127\.0\.0\.1|ECONN/);
});
