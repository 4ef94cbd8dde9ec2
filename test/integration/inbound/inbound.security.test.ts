import { beforeAll, expect, test } from 'vitest';
import { signLink } from '../../../messaging/links.ts';
import { comesBack, dsn, formOf, inboundEnv, letter, mailed, postForm } from '../../support/mail-back.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], env: inboundEnv });
  return firm.close;
});

test('nobody posts mail without the secret; without one the hook is closed; keys of the api do not open it', async () => {
  const fields = { email: letter({ from: 'a@b.example' }) };
  for (const path of [
    '/hooks/sendgrid/inbound',
    '/hooks/sendgrid/inbound/',
    '/hooks/sendgrid/inbound/wrong',
    `/hooks/sendgrid/inbound/${inboundEnv.INBOUND_SECRET}x`,
  ]) {
    expect((await postForm(firm, fields, path)).status).toBeGreaterThanOrEqual(401);
  }
  expect(await postForm(firm, fields, '/hooks/sendgrid/inbound', { authorization: 'Basic eDp5' })).toHaveStatus(401);
  expect(await postForm(firm, fields, '/hooks/sendgrid/inbound', { authorization: `Bearer ${firm.adminKey}` })).toHaveStatus(401);
  expect(await firm.anyone.get(`/hooks/sendgrid/inbound/${inboundEnv.INBOUND_SECRET}`)).toHaveStatus(405);
  expect((await firm.pool.query('select from inbound_mail')).rowCount).toBe(0);
});

test('what came in is read by those who may read, reviewed by those who may write', async () => {
  const { id } = await comesBack(firm, letter({ from: 'stranger@elsewhere.example' }));
  const reader = firm.with(await firm.newKey('read'));
  for (const path of ['/v1/inbound', `/v1/inbound/${id}`, `/v1/inbound/${id}/raw`]) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await firm.with(await firm.newKey('ingest')).get(path)).toHaveStatus(403);
    expect(await reader.get(path)).toHaveStatus(200);
  }
  expect(await reader.post(`/v1/inbound/${id}/review`)).toHaveStatus(403);
  const raw = await reader.get(`/v1/inbound/${id}/raw`);
  expect(raw.headers.get('content-disposition')).toBe(`attachment; filename="mail-${id}.eml"`);
  expect(raw.headers.get('x-content-type-options')).toBe('nosniff');
});

test('the link to an answer opens that one alone', async () => {
  await mailed(firm, 'mei@huadong.example');
  const { id } = await comesBack(firm, letter({ from: 'mei@huadong.example' }));
  const secret = firm.config.TENDRIL_SECRET!;
  expect(await firm.anyone.get(`/original/${signLink(secret, 'original', { i: id })}`)).toHaveStatus(200);
  expect(await firm.anyone.get(`/original/${signLink(secret, 'task', { i: id })}`)).toHaveStatus(404);
  expect(await firm.anyone.get(`/original/${signLink('another secret, as long as the first', 'original', { i: id })}`)).toHaveStatus(404);
});

test('who makes up reports suppresses nobody, whom we have just written to neither: they wait, with whom they seem to be about', async () => {
  await firm.pool.query(`insert into lead (email) values ('never@huadong.example')`);
  await mailed(firm, 'long-ago@huadong.example');
  await firm.pool.query(`update send set in_flight_at = clock() - interval '90 days' where address = 'long-ago@huadong.example'`);
  const { leadId } = await mailed(firm, 'today@huadong.example');
  const stranger = await mailed(firm, 'other@huadong.example');
  const made = 'bounce+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@mail.firm.example';
  const about = ['Message-ID: <not-ours@firm.example>', 'X-Tendril-Send: a-guess/1'];
  for (const address of ['never@huadong.example', 'long-ago@huadong.example'])
    expect(await comesBack(firm, dsn({ address, to: made }))).toMatchObject({ kind: 'bounce', state: 'review' });
  const address = 'today@huadong.example';
  const feedback = (type: string): string =>
    dsn({ address })
      .replace('delivery-status;', 'feedback-report;')
      .replace('message/delivery-status', 'message/feedback-report')
      .replace(/Reporting-MTA[^]*?\r\n\r\n[^]*?\r\n\r\n/, `Feedback-Type: ${type}\r\nOriginal-Rcpt-To: ${address}\r\n\r\n`);
  const complaint = feedback('abuse');
  const forged = [
    dsn({ address, to: made, about }),
    dsn({ address, status: '4.2.2', diagnostic: '452 4.2.2 mailbox full' }),
    dsn({ address, action: 'delayed' }),
    letter({
      from: 'MAILER-DAEMON@mx.example',
      subject: 'Undelivered Mail',
      headers: [`X-Failed-Recipients: ${address}`],
      text: '550 5.1.1 no such user',
    }),
    complaint,
  ];
  for (const one of forged) {
    const { id, kind, state } = await comesBack(firm, one);
    expect([kind, state]).toEqual([one === complaint ? 'complaint' : 'bounce', 'review']);
    expect(await (await firm.get(`/v1/inbound/${id}`)).json()).toMatchObject({ leadId, foundBy: 'recipient', kept: true });
  }
  expect(await comesBack(firm, feedback('opt-out'))).toMatchObject({ kind: 'leave', state: 'review' });
  const unconfirmed = { email: letter({ from: address, text: 'Unsubscribe' }), SPF: 'fail', dkim: 'none' };
  expect(await (await postForm(firm, unconfirmed)).json()).toMatchObject({ kind: 'leave', state: 'review' });
  // Proof of one mail is none of another: it concerns whom that one went to.
  await comesBack(firm, dsn({ address, about: [`X-Tendril-Send: ${stranger.sendKey}`] }));
  expect((await firm.pool.query('select address from suppression')).rows).toEqual([{ address: 'other@huadong.example' }]);
  expect((await firm.pool.query('select address from delivery_event')).rows).toEqual([{ address: 'other@huadong.example' }]);
});

test('a machine that answers without end fills nobody’s mailbox', async () => {
  await mailed(firm, 'loop@huadong.example');
  const states: string[] = [];
  for (let n = 0; n < 22; n++)
    states.push((await comesBack(firm, letter({ from: 'loop@huadong.example', text: `Ticket ${n} was opened` }))).state);
  expect(new Set(states)).toEqual(new Set(['done']));
  const { rows } = await firm.pool.query(
    `select (select count(*)::int from send where lead_id = l.id and template = 'reply-received') as forwarded, (select count(*)::int from task where lead_id = l.id) as tasks
       from lead l where email = 'loop@huadong.example'`,
  );
  expect(rows).toEqual([{ forwarded: 20, tasks: 1 }]);
});

test('nothing of an answer gets into the headers of the mail that brings it, nor runs in it', async () => {
  await mailed(firm, 'wu@huadong.example');
  const nasty = letter({
    from: '=?utf-8?Q?Wu=0D=0ABcc:_all@firm.example?= <wu@huadong.example>',
    subject: '=?utf-8?Q?Re:_x=0D=0ABcc:_all@firm.example?=',
    text: '<script>alert(1)</script> {{lead.email}} "quoted"',
  });
  expect(await comesBack(firm, nasty)).toMatchObject({ kind: 'reply', state: 'done' });
  await firm.startWorker();
  await firm.settle();
  const forwarded = (await firm.outbox('ana@firm.example')).find(({ text }) => text.includes('alert(1)'))!;
  expect([...forwarded.headers.keys()]).not.toContain('bcc');
  expect(forwarded.html).not.toContain('<script>');
  expect(forwarded.text).toContain('{{lead.email}}');
  expect(forwarded.headers.get('auto-submitted')).toBe('auto-generated');
});

test('without INBOUND_SECRET the hook is closed to everybody', async () => {
  const closed = await workspace();
  const { body, type } = formOf({ email: letter({ from: 'a@b.example' }) });
  for (const path of ['/hooks/sendgrid/inbound', '/hooks/sendgrid/inbound/undefined']) {
    expect(await closed.anyone.request(path, { method: 'POST', body, headers: { 'content-type': type } })).toHaveStatus(404);
  }
});
