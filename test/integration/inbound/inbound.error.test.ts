import { beforeAll, expect, test } from 'vitest';
import { formOf, inboundEnv, letter, mailed, postForm } from '../../support/mail-back.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const path = `/hooks/sendgrid/inbound/${inboundEnv.INBOUND_SECRET}`;
let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], env: { ...inboundEnv, INBOUND_LIMIT: '15000000' } });
  return firm.close;
});

const post = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
  firm.anyone.request(path, { method: 'POST', body, headers: { 'content-type': type } });

test('what is no post of Inbound Parse is refused with its reason', async () => {
  expect(await post('{}', 'application/json')).toHaveStatus(415);
  expect(await post('x', 'multipart/form-data')).toHaveStatus(422);
  expect(await post('x', 'multipart/form-data; boundary=b')).toHaveStatus(422);
  expect(await post('--b\r\nContent-Disposition: form-data; name="email"', 'multipart/form-data; boundary=b')).toHaveStatus(422);
  const { body, type } = formOf({ subject: 'neither raw nor parsed' });
  const refused = await post(body, type);
  expect(refused).toHaveStatus(422);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect((await firm.pool.query('select from inbound_mail')).rowCount).toBe(0);
});

test('what cannot be taken apart, or not be kept, is there for a person: SendGrid would throw it away', async () => {
  const bomb = Array.from({ length: 2_000 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('');
  expect(await (await postForm(firm, { email: bomb })).json()).toMatchObject({ kind: 'unreadable', state: 'review' });
  expect(await (await postForm(firm, { email: bomb })).json()).toMatchObject({ id: null });

  await mailed(firm, 'odd@huadong.example');
  const odd = letter({ from: 'odd@huadong.example', subject: '=?utf-8?Q?nul=00and=ED=A0=80half?=', text: 'a\0b' });
  expect(await (await postForm(firm, { email: odd, envelope: '{"to":"x"}', charsets: '[' })).json()).toMatchObject({
    kind: 'reply',
    state: 'done',
  });
  expect(await (await postForm(firm, { email: '' })).json()).toMatchObject({ state: 'review' });
});

test('ten megabytes are a mail; more than the limit is too much, and only who knows the secret may post that much', async () => {
  const file = { filename: 'plan.pdf', type: 'application/pdf', content: Buffer.alloc(10_000_000, 7) };
  await mailed(firm, 'big@huadong.example');
  const headers = 'From: big@huadong.example\r\nSubject: Plan\r\nMessage-ID: <big@x.example>';
  expect(await (await postForm(firm, { headers, text: 'See there', attachment1: file })).json()).toMatchObject({
    kind: 'reply',
    state: 'done',
  });
  const { body, type } = formOf({ headers, text: 'x', attachment1: { ...file, content: Buffer.alloc(16_000_000) } });
  const announced = { 'content-type': type, 'content-length': String(body.length) };
  expect(await firm.anyone.request(path, { method: 'POST', body, headers: announced })).toHaveStatus(413);
  const small = formOf({ headers, text: 'x'.repeat(600_000) });
  expect(
    await firm.anyone.request('/hooks/sendgrid/inbound/wrong-secret-of-inbound', {
      method: 'POST',
      body: small.body,
      headers: { 'content-type': small.type, 'content-length': String(small.body.length) },
    }),
  ).toHaveStatus(413);
});

test('mail that is not there, and lists that are asked for wrongly', async () => {
  const nobody = '019ab0c2-1111-7222-8333-444455556666';
  expect(await firm.get(`/v1/inbound/${nobody}`)).toHaveStatus(404);
  expect(await firm.get(`/v1/inbound/${nobody}/raw`)).toHaveStatus(404);
  expect(await firm.post(`/v1/inbound/${nobody}/review`)).toHaveStatus(404);
  expect(await firm.get('/v1/inbound/x')).toHaveStatus(422);
  expect(await firm.get('/v1/inbound?state=lost')).toHaveStatus(422);
  const { rows } = await firm.pool.query<{ id: string }>(`select id from inbound_mail where state = 'done' limit 1`);
  expect(await firm.post(`/v1/inbound/${rows[0]!.id}/review`)).toHaveStatus(409);
});
