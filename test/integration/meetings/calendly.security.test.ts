import { expect, test } from 'vitest';
import { booked, calendlyEnv, calendlySignature, calendlyTells } from '../../support/calendly.ts';
import { workspace } from '../../support/workspace.ts';

test('only what Calendly has signed lately is taken in, and nothing that is not made as its webhooks are', async () => {
  const firm = await workspace({ env: { CALENDLY_SIGNING_KEY: `old-key,${calendlyEnv.CALENDLY_SIGNING_KEY}` } });
  const hook = JSON.stringify(booked({ id: 'A', email: 'mei@huadong.example', starts: '2026-03-05T01:00:00Z' }));
  const post = (body: string, signature?: string) =>
    firm.anyone.request('/hooks/calendly', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(signature !== undefined && { 'calendly-webhook-signature': signature }) },
    });
  const signed = (body: string) => post(body, calendlySignature(body));

  const refused = [
    post(hook),
    post(hook, ''),
    post(hook, 't=,v1='),
    post(hook, calendlySignature(hook, { key: 'another' })),
    post(`${hook} `, calendlySignature(hook)),
    post(hook, calendlySignature(hook, { at: Date.now() - 10 * 60_000 })),
    post(hook, calendlySignature(hook, { at: Date.now() + 10 * 60_000 })),
  ];
  for (const answer of await Promise.all(refused)) expect(answer).toHaveStatus(401);
  expect((await firm.pool.query('select from lead')).rowCount).toBe(0);
  expect(await post(hook, calendlySignature(hook, { key: 'old-key' }))).toHaveStatus(200);

  expect(await signed('{')).toHaveStatus(400);
  expect(await signed('['.repeat(40) + ']'.repeat(40))).toHaveStatus(400);
  expect(await signed('{"event":"invitee.created","payload":{}}')).toHaveStatus(422);
  expect(await signed('null')).toHaveStatus(200);
  const nobody = booked({ id: 'B', email: 'no address', starts: '2026-03-05T01:00:00Z' });
  expect(await signed(JSON.stringify(nobody))).toHaveStatus(422);
  const odd = booked({ id: 'C', email: 'odd@huadong.example', starts: '2026-03-05T01:00:00Z' });
  odd.payload.name = 'A\u0000B\ud800';
  expect(await calendlyTells(firm, odd)).toMatchObject({ as: 'meeting_booked' });

  expect(await firm.anyone.get('/v1/meetings')).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('ingest')).get('/v1/meetings')).toHaveStatus(403);
});

test('without a key the hook is shut', async () => {
  const firm = await workspace();
  const body = JSON.stringify(booked({ id: 'A', email: 'mei@huadong.example', starts: '2026-03-05T01:00:00Z' }));
  const headers = { 'content-type': 'application/json', 'calendly-webhook-signature': calendlySignature(body, { key: '' }) };
  expect(await firm.anyone.request('/hooks/calendly', { method: 'POST', body, headers })).toHaveStatus(401);
});
