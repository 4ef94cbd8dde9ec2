import { createHash, createHmac } from 'node:crypto';
import { sign } from 'hono/jwt';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const website = { key: 'website', name: 'Website', purpose: 'contact' };
const secret = 'a secret shared with the sender';
const hmac = (as: 'hex' | 'base64', text: string) => createHmac('sha256', secret).update(text).digest(as);
const type = { 'content-type': 'application/json' };

test('a payload of a sender whose secret we have must be signed with it, over the raw bytes', async () => {
  const env = Object.fromEntries(['TYPEFORM', 'TALLY', 'WEBFLOW', 'NETLIFY', 'HUBSPOT'].map((name) => [`${name}_SECRET`, secret]));
  const firm = await workspace({ env, documents: { form: { website } } });
  const at = String(Date.now());
  const old = String(Date.now() - 6 * 60_000);
  const typeform = `{"event_type": "form_response", "form_response": {"token": "t1", "answers": [{"type": "email", "email": "a@typeform.example", "field": {"id": "1"}}]}}`;
  const tally = JSON.stringify({
    eventType: 'FORM_RESPONSE',
    data: { submissionId: 's', fields: [{ key: 'q', label: 'Email', type: 'INPUT_EMAIL', value: 'a@tally.example' }] },
  });
  const webflow = JSON.stringify({ triggerType: 'form_submission', payload: { id: 'w', data: { Email: 'a@webflow.example' } } });
  const netlify = JSON.stringify({ id: 'n', form_id: 'f', human_fields: {}, data: { email: 'a@netlify.example' } });
  const hubspot = JSON.stringify({ fields: [{ objectTypeId: '0-1', name: 'email', value: 'a@hubspot.example' }] });
  const sha = (...parts: string[]) => createHash('sha256').update(parts.join('')).digest('hex');
  const jwt = await sign({ iss: 'netlify', sha256: sha(netlify) }, secret, 'HS256');

  const right: [string, Record<string, string>][] = [
    [typeform, { 'typeform-signature': `sha256=${hmac('base64', typeform)}` }],
    [tally, { 'tally-signature': hmac('base64', tally) }],
    [webflow, { 'x-webflow-timestamp': at, 'x-webflow-signature': hmac('hex', `${at}:${webflow}`) }],
    [netlify, { 'x-webhook-signature': jwt }],
    [
      hubspot,
      { 'x-hubspot-signature': sha(secret, 'POST', 'http://tendril.test/f/website', hubspot), 'x-hubspot-signature-version': 'v2' },
    ],
  ];
  const wrong: [string, Record<string, string>][] = [
    ...right.map(([body]): [string, Record<string, string>] => [body, {}]),
    ...right.map(([body, headers]): [string, Record<string, string>] => [`${body} `, headers]),
    [typeform, { 'typeform-signature': hmac('base64', typeform) }],
    [webflow, { 'x-webflow-timestamp': old, 'x-webflow-signature': hmac('hex', `${old}:${webflow}`) }],
    [netlify, { 'x-webhook-signature': await sign({ sha256: sha(netlify) }, 'another', 'HS256') }],
  ];
  for (const [body, headers] of wrong) expect(await firm.anyone.post('/f/website', body, { ...type, ...headers })).toHaveStatus(401);
  expect((await firm.pool.query('select from submission')).rowCount).toBe(0);
  for (const [body, headers] of right) expect(await firm.anyone.post('/f/website', body, { ...type, ...headers })).toHaveStatus(202);
  expect(await firm.anyone.post('/f/website', { email: 'a@b.example' })).toHaveStatus(202);
  const v1 = hubspot.replace('a@', 'v1@');
  expect(
    await firm.anyone.post('/f/website', v1, { ...type, 'x-hubspot-signature': sha(secret, v1), 'x-hubspot-signature-version': 'v1' }),
  ).toHaveStatus(202);
  expect((await firm.pool.query('select count(*)::int as n from lead')).rows[0].n).toBe(7);
});

test('only pages of the form’s origins may send it, and only they may read the answer', async () => {
  const firm = await workspace({
    documents: { form: { website: { ...website, origins: ['https://www.ostara.example', 'https://*.ostara.test'] } } },
  });
  const from = (origin: string) => firm.anyone.post('/f/website', { email: 'a@b.example' }, { origin });
  const good = await from('https://www.ostara.example');
  expect(good).toHaveStatus(202);
  expect(good.headers.get('access-control-allow-origin')).toBe('https://www.ostara.example');
  expect(await from('https://shop.ostara.test')).toHaveStatus(202);
  for (const origin of [
    'https://evil.example',
    'null',
    'https://www.ostara.example.evil.example',
    'http://www.ostara.example',
    'https://evilostara.test',
  ]) {
    const bad = await from(origin);
    expect(bad).toHaveStatus(403);
    expect(bad.headers.get('access-control-allow-origin')).toBeNull();
  }
  const preflight = await firm.anyone.request('/f/website', {
    method: 'OPTIONS',
    headers: { origin: 'https://www.ostara.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight).toHaveStatus(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
  expect(await firm.anyone.request('/f/website', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })).toHaveStatus(403);
});

test('one address may send a form only so often; signed senders as often as they must', async () => {
  const firm = await workspace({ env: { FORM_RATE: '3', TALLY_SECRET: secret, TRUSTED_PROXIES: '1' }, documents: { form: { website } } });
  const send = (ip: string, i: number) => firm.anyone.post('/f/website', { email: `p${i}@b.example` }, { 'x-forwarded-for': ip });
  for (let i = 0; i < 3; i++) expect(await send('203.0.113.1', i)).toHaveStatus(202);
  const refused = await send('203.0.113.1', 4);
  expect(refused).toHaveStatus(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await send('203.0.113.2', 5)).toHaveStatus(202);
  for (let i = 0; i < 5; i++) {
    const body = JSON.stringify({
      eventType: 'FORM_RESPONSE',
      data: { submissionId: `s${i}`, fields: [{ key: 'q', label: 'Email', type: 'INPUT_EMAIL', value: `t${i}@t.example` }] },
    });
    expect(
      await firm.anyone.post('/f/website', body, { ...type, 'tally-signature': hmac('base64', body), 'x-forwarded-for': '203.0.113.1' }),
    ).toHaveStatus(202);
  }
});

test('submissions are for keys that may read, and changed by keys that may write', async () => {
  const firm = await workspace({ documents: { form: { website } } });
  const id = '0198c5a4-0000-7000-8000-000000000000';
  const ingest = firm.with(await firm.newKey('ingest'));
  const read = firm.with(await firm.newKey('read'));
  for (const path of ['/v1/submissions', `/v1/submissions/${id}`]) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await ingest.get(path)).toHaveStatus(403);
  }
  for (const act of ['restore', 'discard']) expect(await read.post(`/v1/submissions/${id}/${act}`)).toHaveStatus(403);
  expect(await read.post(`/v1/submissions/${id}/resolve`, { email: 'a@b.example' })).toHaveStatus(403);
  expect(await read.get('/v1/submissions')).toHaveStatus(200);
});

test('bytes no database keeps, hostile keys and odd shapes do not break it', async () => {
  const firm = await workspace({ documents: { form: { website } } });
  const bodies = [
    '{"email":"nul\\u0000@b.example","message":"a\\u0000b","x":"\\ud800"}',
    '{"email":"proto@b.example","__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}',
    '{"email":"keys@b.example","a\\u0000b":"x","\\udc00":{"\\u0000":[{"\\ud800":1}]}}',
    '{"email":["list@b.example"],"name":{"first":["A"],"last":{"deep":"B"}}}',
    '{"email":"big@b.example","n":1e400,"m":-0,"d":123456789012345678901234567890}',
    '[{"name":"email","value":"serialised@b.example"},{"name":"name","value":"Se Rial"}]',
  ];
  for (const body of bodies) expect(await firm.anyone.post('/f/website', body, type)).toHaveStatus(202);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect((await firm.pool.query(`select name from lead where email = 'serialised@b.example'`)).rows).toEqual([{ name: 'Se Rial' }]);
});
