import { expect, test } from 'vitest';
import { storeCaptured } from '../../../db/captured-mail.ts';
import { composeMessage, messageIdOf } from '../../../messaging/message.ts';
import { deliveryOver, leadWithMail, notingTransport } from '../../support/delivery.ts';
import { addLeads, handToSales, lookingAfter } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
interface Listed {
  items: Record<string, unknown>[];
  nextCursor: string | null;
}

test('the ledger is read by lead and state, page by page, and row by row', async () => {
  const firm = await workspace();
  const leadId = await leadWithMail(firm.pool, 'a@x.example');
  await leadWithMail(firm.pool, 'b@x.example');
  await (await deliveryOver(firm.pool)).deliver({ lane: 'marketing' });
  const first = await json<Listed>(await firm.get('/v1/sends?limit=1&state=accepted'));
  const second = await json<Listed>(await firm.get(`/v1/sends?limit=1&state=accepted&cursor=${first.nextCursor}`));
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([1, 1, null]);
  const mine = await json<Listed>(await firm.get(`/v1/sends?lead=${leadId}`));
  expect(mine.items).toMatchObject([{ leadId, state: 'accepted', address: 'a@x.example', reasonInWords: null }]);
  expect(await json(await firm.get(`/v1/sends/${mine.items[0]!['id'] as string}`))).toMatchObject(mine.items[0]!);
  expect(await firm.get('/v1/sends/00000000-0000-7000-8000-000000000000')).toHaveStatus(404);
  expect(await firm.get('/v1/sends/nonsense')).toHaveStatus(422);
  expect(await firm.get('/v1/sends?state=lost')).toHaveStatus(422);
  expect(await firm.get('/v1/sends?campaign=%00')).toHaveStatus(422);
});

test('the one switch stops all sending, and a stopped lane is resumed', async () => {
  const firm = await workspace();
  await leadWithMail(firm.pool, 'a@x.example');
  expect(await json(await firm.post('/v1/sending', { stopped: true }))).toMatchObject({
    stopped: true,
    lanes: [{ key: 'internal' }, { key: 'marketing' }, { key: 'personal' }, { key: 'transactional' }],
  });
  const { transport, sent } = notingTransport();
  const delivery = await deliveryOver(firm.pool, { transport });
  await delivery.deliver({ lane: 'marketing' });
  expect(sent.length).toBe(0);
  expect(await json(await firm.post('/v1/sending', { stopped: false }))).toMatchObject({ stopped: false, since: null });
  await firm.pool.query(`update lane set stopped_reason = 'x' where key = 'marketing'`);
  expect(await firm.post('/v1/lanes/marketing/resume')).toHaveStatus(204);
  await delivery.deliver({ lane: 'marketing' });
  expect(sent.length).toBe(1);
  expect(await firm.post('/v1/lanes/nowhere/resume')).toHaveStatus(422);
  expect(await firm.post('/v1/sending', {})).toHaveStatus(422);
});

test('an address is barred, listed and lifted', async () => {
  const firm = await workspace();
  await leadWithMail(firm.pool, 'a@x.example');
  const added = await json<Record<string, unknown>>(await firm.post('/v1/suppressions', { address: ' A@x.example ', scope: 'all' }));
  expect(added).toMatchObject({ address: 'a@x.example', kind: 'manual', scope: 'all' });
  expect(await json(await firm.post('/v1/suppressions', { address: 'a@x.example' }))).toEqual(added);
  expect((await firm.pool.query('select from score_wake')).rowCount).toBe(2);
  expect(await json<Listed>(await firm.get('/v1/suppressions?address=A@x.example'))).toEqual({ items: [added], nextCursor: null });
  expect(await firm.delete(`/v1/suppressions/${added['id'] as string}`)).toHaveStatus(204);
  expect(await firm.delete(`/v1/suppressions/${added['id'] as string}`)).toHaveStatus(404);
  expect(await firm.post('/v1/suppressions', { address: 'nobody' })).toHaveStatus(422);
});

test('the Outbox: newest first, by address, one mail taken apart; pages that run nothing of the mail', async () => {
  const firm = await workspace();
  const from = { name: null, address: 'hello@firm.example' };
  const raw = (to: string) =>
    composeMessage(
      {
        id: '1',
        sendKey: `k/${to}`,
        messageId: messageIdOf(to, from),
        from,
        to: { name: null, address: to },
        replyTo: null,
        subject: `Grüße an ${to}`,
        html: '<html><head></head><body><script>alert(1)</script><p>Hi</p></body></html>',
        text: 'Hi',
        headers: { 'X-Tendril-Send': `k/${to}` },
      },
      new Date(),
    );
  await storeCaptured(
    firm.pool,
    ['a@x.example', 'b@x.example'].map((to) => ({ from: from.address, to, raw: raw(to) })),
  );
  const all = await json<Listed>(await firm.get('/v1/outbox'));
  expect(all.items.map(({ to }) => to)).toEqual(['b@x.example', 'a@x.example']);
  const mine = await json<Listed>(await firm.get('/v1/outbox?to=a@x.example'));
  expect(mine.items).toMatchObject([{ subject: 'Grüße an a@x.example', sendKey: 'k/a@x.example' }]);
  const id = mine.items[0]!['id'] as string;
  expect(await json(await firm.get(`/v1/outbox/${id}`))).toMatchObject({
    text: expect.stringContaining('Hi'),
    html: expect.stringContaining('<p>Hi</p>'),
  });

  const list = await firm.anyone.get('/outbox');
  expect(list).toHaveStatus(200);
  expect(await list.text()).toContain('Grüße an a@x.example');
  const page = await (await firm.anyone.get(`/outbox/${id}`)).text();
  expect(page).toContain('sandbox=');
  expect(page).not.toContain('<script>alert');
  const framed = await firm.anyone.get(`/outbox/${id}/html`);
  expect(framed.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  expect(await firm.anyone.get('/outbox/nonsense')).toHaveStatus(404);
});

test('every endpoint asks for a key with its scope; pages are behind the admin key in production', async () => {
  const firm = await workspace();
  const id = '00000000-0000-7000-8000-000000000000';
  const read = firm.with(await firm.newKey('read'));
  const ingest = firm.with(await firm.newKey('ingest'));
  for (const path of ['/v1/sends', `/v1/sends/${id}`, '/v1/sending', '/v1/suppressions', '/v1/outbox', `/v1/outbox/${id}`]) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await ingest.get(path)).toHaveStatus(403);
    expect([200, 404]).toContain((await read.get(path)).status);
  }
  expect(await read.post('/v1/sending', { stopped: true })).toHaveStatus(403);
  expect(await read.post('/v1/lanes/marketing/resume')).toHaveStatus(403);
  expect(await read.post('/v1/suppressions', { address: 'a@x.example' })).toHaveStatus(403);
  expect(await read.delete(`/v1/suppressions/${id}`)).toHaveStatus(403);
});

test('in production the Outbox pages are closed', async () => {
  const firm = await workspace({ env: { TENDRIL_ENV: 'production' } });
  expect(await firm.anyone.get('/outbox')).toHaveStatus(401);
  expect(await firm.anyone.get('/outbox/x/html')).toHaveStatus(401);
  expect(await firm.get('/outbox')).toHaveStatus(200);
});

test('nothing that a key may read shows the live links of a mail to a rep', async () => {
  const firm = await workspace({ reps: ['ana'], at: '2026-11-23T09:00:00Z' });
  const [leadId] = await addLeads(firm.pool, 1);
  const [opportunityId] = await handToSales(firm.pool, [leadId!]);
  await lookingAfter(firm.pool).lookAfter({ opportunityId: opportunityId! });
  const { rows } = await firm.pool.query<{ id: string; accept: string }>(
    `select id, params ->> 'acceptUrl' as accept from send where class = 'internal'`,
  );
  const token = new URL(rows[0]!.accept).pathname.slice('/o/'.length);
  const reader = firm.with(await firm.newKey('read'));
  for (const path of [
    '/v1/sends',
    `/v1/sends/${rows[0]!.id}`,
    `/v1/leads/${leadId}/timeline`,
    `/v1/leads/${leadId}/why`,
    `/v1/opportunities/${opportunityId}`,
  ]) {
    const answer = await reader.get(path);
    expect(answer).toHaveStatus(200);
    const text = await answer.text();
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/"params"|\/o\//);
  }
});

test('where mail really leaves the Outbox is empty, whatever was captured before', async () => {
  const firm = await workspace({ env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: 'smtp://127.0.0.1:1' } });
  const [id] = await storeCaptured(firm.pool, [
    { from: 'we@x.example', to: 'ana@x.example', raw: Buffer.from('Subject: Old\r\n\r\nhello\r\n') },
  ]);
  expect(await json(await firm.get('/v1/outbox'))).toEqual({ items: [], nextCursor: null });
  expect(await firm.get(`/v1/outbox/${id}`)).toHaveStatus(404);
  expect(await (await firm.get('/outbox')).text()).not.toContain('Old');
  expect(await firm.get(`/outbox/${id}`)).toHaveStatus(404);
});
