import { beforeAll, expect, test } from 'vitest';
import { inTransaction } from '../../../db/pool.ts';
import { inboundChores } from '../../../activities/mailbox.ts';
import { backAddress } from '../../../messaging/inbound/address.ts';
import { comesBack, dsn, inboundEnv, letter, mailed, postForm } from '../../support/mail-back.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], env: inboundEnv });
  return firm.close;
});

const listed = async (query: string): Promise<Record<string, unknown>[]> => {
  const answer = await firm.get(`/v1/inbound?${query}`);
  expect(answer).toHaveStatus(200);
  return ((await answer.json()) as { items: Record<string, unknown>[] }).items;
};

test('the parsed mode: each field in its own letters, reports among the attachments, the secret as a password', async () => {
  const { sendKey } = await mailed(firm, 'juergen@gruen.example');
  const from = 'juergen@gruen.example';
  const headers = `From: =?iso-8859-1?Q?J=FCrgen?= <${from}>\r\nSubject: Re: Welcome\r\nMessage-ID: <1@gruen.example>\r\nContent-Type: text/plain; charset=iso-8859-1`;
  const fields = {
    headers,
    text: Buffer.from('Schöne Grüße, bitte rufen Sie \x84heute\x93 an', 'latin1'),
    envelope: JSON.stringify({ to: ['answers@mail.firm.example'], from }),
    charsets: JSON.stringify({ text: 'iso-8859-1', subject: 'no-such-letters' }),
    attachment1: { filename: 'liste.pdf', type: 'application/pdf', content: Buffer.from('pdf') },
    'attachment-info': '{"attachment1":{"filename":"liste.pdf","type":"application/pdf"}}',
  };
  const basic = { authorization: `Basic ${Buffer.from(`sendgrid:${inboundEnv.INBOUND_SECRET}`).toString('base64')}` };
  expect(await postForm(firm, fields, '/hooks/sendgrid/inbound', basic)).toHaveStatus(200);
  const [reply] = await listed('kind=reply');
  expect(reply).toMatchObject({
    state: 'done',
    foundBy: 'sender',
    from,
    fromName: 'Jürgen',
    to: ['answers@mail.firm.example'],
    detail: { said: 'Schöne Grüße, bitte rufen Sie „heute“ an' },
    attachments: [{ name: 'liste.pdf', type: 'application/pdf', size: 3 }],
    kept: false,
  });

  const report = `Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; ${from}\r\nAction: failed\r\nStatus: 5.1.1\r\n`;
  const bounce = {
    headers: 'From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMessage-ID: <2@mx.example>',
    text: 'This is the mail system.',
    attachment1: { filename: '', type: 'message/delivery-status', content: Buffer.from(report) },
    attachment2: { filename: '', type: 'message/rfc822', content: Buffer.from(`X-Tendril-Send: ${sendKey}\r\n\r\nHello`) },
  };
  expect(await postForm(firm, bounce)).toHaveStatus(200);
  expect((await listed('kind=bounce'))[0]).toMatchObject({ state: 'done', foundBy: 'send_key', attachments: [] });
  expect((await firm.pool.query('select kind from suppression where address = $1', [from])).rows).toEqual([{ kind: 'bounce' }]);
});

test('a bounce to the signed address concerns the mail it names, whatever it calls the recipient', async () => {
  const { leadId, sendId } = await mailed(firm, 'forwards@huadong.example');
  const to = backAddress(firm.config.TENDRIL_SECRET!, 'bounce', sendId, inboundEnv.INBOUND_DOMAIN);
  expect(await comesBack(firm, dsn({ address: 'somewhere@else.example' }), [to])).toMatchObject({ kind: 'bounce', state: 'done' });
  expect(
    (
      await firm.pool.query(
        `select address from suppression where kind = 'bounce' and address like 'forwards@%' or address like 'somewhere@%'`,
      )
    ).rows,
  ).toEqual([{ address: 'forwards@huadong.example' }]);
  expect((await listed(`lead=${leadId}`))[0]).toMatchObject({
    foundBy: 'address',
    detail: { reports: [{ fate: 'hard', status: '5.1.1' }] },
  });
});

test('mails refused three times in a row count as dead; a delivery in between begins anew', async () => {
  const soft = { address: 'full@huadong.example', status: '4.2.2', diagnostic: '452 4.2.2 mailbox full' };
  for (let n = 0; n < 3; n++) {
    const { sendKey } = await mailed(firm, 'full@huadong.example');
    const { rowCount } = await firm.pool.query(`select from suppression where address = 'full@huadong.example'`);
    expect(rowCount).toBe(0);
    await comesBack(firm, dsn({ ...soft, about: [`X-Tendril-Send: ${sendKey}`] }));
  }
  expect((await firm.pool.query(`select kind, scope from suppression where address = 'full@huadong.example'`)).rows).toEqual([
    { kind: 'bounce', scope: 'all' },
  ]);
});

test('what a mail was not sure of is settled by what comes back', async () => {
  const { sendId, sendKey } = await mailed(firm, 'unsure@huadong.example');
  await firm.pool.query(`update send set state = 'unknown', settled_at = null, unknown_at = clock() where id = $1`, [sendId]);
  await comesBack(
    firm,
    dsn({ address: 'unsure@huadong.example', action: 'delivered', status: '2.0.0', about: [`X-Tendril-Send: ${sendKey}`] }),
  );
  expect((await firm.pool.query('select state from send where id = $1', [sendId])).rows).toEqual([{ state: 'accepted' }]);
});

test('colleagues, mails to colleagues, strangers and noise hold nobody; what may matter waits for a person, whole', async () => {
  const { sendId } = await mailed(firm, 'li@huadong.example');
  const id = sendId.replaceAll('-', '');
  expect(await comesBack(firm, letter({ from: 'ana@firm.example', headers: [`In-Reply-To: <${id}@firm.example>`] }))).toMatchObject({
    state: 'done',
  });
  const { sendId: internal } = await mailed(firm, 'wu@huadong.example', { lane: 'internal' });
  const toColleague = letter({ from: 'wu@huadong.example', headers: [`In-Reply-To: <${internal.replaceAll('-', '')}@firm.example>`] });
  expect(await comesBack(firm, toColleague)).toMatchObject({ state: 'review' });
  expect(await comesBack(firm, letter({ from: 'spam@spam.example', headers: ['Precedence: bulk'] }))).toMatchObject({
    kind: 'automatic',
    state: 'done',
  });
  const stranger = letter({ from: 'Stranger <new@somewhere.example>', subject: 'Prices?', text: 'Do you sell pumps?' });
  const { id: waiting } = await comesBack(firm, stranger);
  expect(
    (
      await firm.pool.query(
        `select from event where name = 'email_replied' and lead_id in (select id from lead where email in ('li@huadong.example', 'wu@huadong.example'))`,
      )
    ).rowCount,
  ).toBe(0);

  const [newest] = await listed('state=review');
  expect(newest).toMatchObject({ id: waiting, reason: 'it answers no mail of ours', kept: true });
  expect(await (await firm.get(`/v1/inbound/${waiting}`)).json()).toMatchObject({ subject: 'Prices?', text: 'Do you sell pumps?' });
  const raw = await firm.get(`/v1/inbound/${waiting}/raw`);
  expect([raw.headers.get('content-type'), await raw.text()]).toEqual(['message/rfc822', stranger]);
  for (let n = 0; n < 2; n++) expect(await firm.post(`/v1/inbound/${waiting}/review`)).toHaveStatus(200);
  expect((await listed('state=review')).map((one) => one['id'])).not.toContain(waiting);

  // Kept for as long as the settings say.
  await firm.pool.query(`update inbound_mail set received_real = now() - interval '100 days' where id = $1`, [waiting]);
  for (const chore of inboundChores({ settings: null }, 90)) await inTransaction(firm.pool, (tx) => chore.run(tx));
  expect(await firm.get(`/v1/inbound/${waiting}`)).toHaveStatus(404);
  expect((await firm.pool.query('select from inbound_raw where inbound_id = $1', [waiting])).rowCount).toBe(0);
});

test('where there is nobody to give an answer to, it waits for a person', async () => {
  await mailed(firm, 'lonely@huadong.example');
  await firm.pool.query('update rep set active = false');
  expect(await comesBack(firm, letter({ from: 'lonely@huadong.example' }))).toMatchObject({ kind: 'reply', state: 'review' });
  await firm.pool.query('update rep set active = true');
  expect((await listed('state=review'))[0]).toMatchObject({ reason: 'there is nobody to give it to', detail: { said: 'Thank you.' } });
});
