import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Judged } from '../../../../domain/inbound/judge.ts';
import { backAddress } from '../../../../messaging/inbound/address.ts';
import { judged } from '../../../../messaging/inbound/judged.ts';
import { parseMail } from '../../../../messaging/inbound/parse.ts';
import { dsn, letter } from '../../../support/mail-back.ts';

const secret = 'a secret of the tests, long enough';
const receivedAt = new Date('2026-03-02T10:00:00Z');
const id = '019ab0c2-1111-7222-8333-444455556666';

const judge = async (raw: string | Uint8Array) => judged(await parseMail(Buffer.from(raw)), { secret, receivedAt });
const verdict = async (raw: string): Promise<Judged> => (await judge(raw)).judged!;
const from = 'mei@huadong.example';

test.each<[string, Partial<Parameters<typeof letter>[0]>]>([
  ['an answer', {}],
  ['an answer from software that asks for no automatic answers', { headers: ['X-Auto-Response-Suppress: OOF, AutoReply'] }],
  ['an answer that says it is from a person', { headers: ['Auto-Submitted: no'] }],
  [
    'an answer about an absence',
    { subject: 'Re: Out of office next week?', text: 'I am out of the office until Monday, but please call me.' },
  ],
  ['an answer to an automatic one of ours', { subject: 'Re: Automatic reply: Welcome', text: 'Thank you, that helps.' }],
  ['an answer through a list', { headers: ['Precedence: list', `In-Reply-To: <${id.replaceAll('-', '')}@firm.example>`] }],
  ['a person who writes about undelivered goods', { subject: 'Goods not delivered', text: 'Order 550 5.1.1 was returned.' }],
])('%s is a reply', async (_, mail) => {
  expect((await verdict(letter({ from, ...mail }))).kind).toBe('reply');
});

test.each<[string, Partial<Parameters<typeof letter>[0]>, boolean, string | null]>([
  ['RFC 3834', { headers: ['Auto-Submitted: auto-replied'], text: 'I am on vacation until March 9.' }, true, '2026-03-09'],
  ['Exchange', { subject: 'Automatic reply: Welcome', text: 'I am travelling.\nBack on March 16.' }, true, '2026-03-16'],
  ['Exchange, German', { subject: 'Automatische Antwort: Willkommen', text: 'Ich bin bis 13.03. abwesend.' }, true, '2026-03-13'],
  ['Exchange, French', { subject: 'Réponse automatique : Bienvenue', text: 'Je suis absent jusqu’au 12 mars.' }, true, '2026-03-12'],
  ['Exchange, Spanish', { subject: 'Respuesta automática: Hola', text: 'Fuera de la oficina hasta el 20 de marzo' }, true, '2026-03-20'],
  ['Exchange, Italian', { subject: 'Risposta automatica: Ciao', text: 'Sono in ferie fino al 20 marzo' }, true, '2026-03-20'],
  ['Exchange, Dutch', { subject: 'Automatisch antwoord: Welkom', text: 'Ik ben afwezig tot 20 maart' }, true, '2026-03-20'],
  ['Exchange, Polish', { subject: 'Odpowiedź automatyczna: Witamy', text: 'Jestem na urlopie do 20 marca' }, true, '2026-03-20'],
  ['Exchange, Portuguese', { subject: 'Resposta automática: Olá', text: 'Estou de férias até 20 de março' }, true, '2026-03-20'],
  ['QQ', { subject: '自动回复: 欢迎', text: '我正在休假中', headers: ['X-QQ-AUTO-REPLY: true'] }, true, null],
  ['an old responder', { headers: ['X-Autoreply: yes'], text: 'We have received your mail.' }, false, null],
  ['by precedence', { headers: ['Precedence: auto_reply'], text: 'Ticket 17 was opened.' }, false, null],
  ['a hint and a subject', { subject: 'Abwesenheitsnotiz', headers: ['X-Auto-Response-Suppress: All'], text: 'Danke.' }, true, null],
  ['a subject and its words', { subject: 'Away until March 12', text: 'I am currently out of the office.' }, true, '2026-03-12'],
  ['nobody to answer to', { headers: ['Return-Path: <>'], text: 'Thank you for your message.' }, false, null],
])('an automatic answer: %s', async (_, mail, away, returns) => {
  expect(await verdict(letter({ from, ...mail }))).toEqual({ kind: 'auto_reply', away, returns });
});

test.each<[string, Parameters<typeof dsn>[0], string]>([
  ['no such mailbox', { address: from }, 'hard'],
  ['no such domain', { address: from, status: '5.4.4', diagnostic: '' }, 'hard'],
  ['shut', { address: from, status: '5.2.1', diagnostic: '550 5.2.1 mailbox disabled' }, 'hard'],
  ['vague, and the words say it', { address: from, status: '5.0.0', diagnostic: '550 User unknown' }, 'hard'],
  ['vague, and the words say otherwise', { address: from, status: '5.0.0', diagnostic: '550 blocked by policy' }, 'soft'],
  ['full', { address: from, status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' }, 'soft'],
  ['full for now, given up', { address: from, status: '4.2.2 (Over quota)', diagnostic: '' }, 'soft'],
  ['called spam', { address: from, status: '5.7.1', diagnostic: '550 5.7.1 message looks like spam; unknown user reputation' }, 'soft'],
  ['our own sender is refused', { address: from, status: '5.1.8', diagnostic: 'bad sender' }, 'soft'],
  ['not yet', { address: from, action: 'delayed', status: '4.4.1', diagnostic: 'timed out' }, 'delayed'],
  ['arrived', { address: from, action: 'delivered', status: '2.0.0', diagnostic: '250 ok' }, 'delivered'],
  ['passed on', { address: from, action: 'relayed', status: '2.0.0', diagnostic: '' }, 'delivered'],
])('a report: %s', async (_, given, fate) => {
  expect(await verdict(dsn(given))).toMatchObject({ kind: 'bounce', reports: [{ address: from, fate }] });
});

test('servers that write no report are understood all the same', async () => {
  const qmail = letter({
    from: 'MAILER-DAEMON@mx.example',
    subject: 'failure notice',
    headers: ['Return-Path: <>'],
    text: `Hi. This is the qmail-send program at mx.example.\n\n<${from}>:\n550 5.1.1 no mailbox here by that name\n\n--- Below this line is a copy of the message.\n\nX-Tendril-Send: e1/hello/1\nSubject: Welcome`,
  });
  expect(await verdict(qmail)).toMatchObject({
    kind: 'bounce',
    reports: [{ address: from, fate: 'hard' }],
    returned: { sendKeys: ['e1/hello/1'] },
  });
  const exim = letter({
    from: 'Mailer-Daemon@mx.example',
    subject: 'Warning: message 1abc delayed 24 hours',
    headers: [`X-Failed-Recipients: ${from}`, 'Auto-Submitted: auto-replied'],
    text: 'The message will be retried: 451 4.7.1 greylisted',
  });
  expect(await verdict(exim)).toMatchObject({ kind: 'bounce', reports: [{ address: from, fate: 'delayed' }] });
});

const feedback = (type: string) =>
  `From: fbl@isp.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: ${type}\r\nOriginal-Rcpt-To: <${from}>\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <${id.replaceAll('-', '')}@firm.example>\r\n\r\nx\r\n--b--\r\n`;

test('feedback: spam, a wish to leave, and what asks for nothing', async () => {
  expect((await judge(feedback('abuse'))).named.byMessageId).toEqual([id]);
  expect(await verdict(feedback('abuse'))).toMatchObject({ kind: 'complaint', addresses: [from] });
  expect(await verdict(feedback('opt-out'))).toMatchObject({ kind: 'leave', addresses: [from] });
  expect(await verdict(feedback('not-spam'))).toMatchObject({ kind: 'automatic' });
  expect(await verdict(feedback('auth-failure'))).toMatchObject({ kind: 'automatic' });
});

test('receipts and newsletters ask for nothing; the only words “unsubscribe” ask to leave', async () => {
  expect(await verdict(letter({ from, headers: ['Precedence: bulk'] }))).toMatchObject({ kind: 'automatic', what: 'list' });
  const receipt = `From: ${from}\r\nSubject: Read: Welcome\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n--b--\r\n`;
  expect(await verdict(receipt)).toMatchObject({ kind: 'automatic', what: 'receipt' });
  expect((await verdict(letter({ from, text: 'Unsubscribe\n\n> Welcome' }))).kind).toBe('leave');
});

test('Windows’ own quotes are that, in whatever letters a mail says it is written', async () => {
  for (const charset of ['windows-1252', 'iso-8859-1']) {
    const raw = letter({ from, subject: `=?${charset}?Q?Re:_It=92s_80_=80?=`, text: 'I\x92m \x93here\x94: 80 \x80' }).replace(
      'utf-8',
      charset,
    );
    const { mail } = await judge(new Uint8Array(Buffer.from(raw, 'latin1')));
    expect(mail).toMatchObject({ subject: 'Re: It’s 80 €', text: 'I’m “here”: 80 €' });
  }
});

test('what we sent ourselves, and what nobody sent, is no answer', async () => {
  expect(await verdict(letter({ from, headers: ['X-Tendril-Send: task/1/new', 'Auto-Submitted: auto-generated'] }))).toMatchObject({
    what: 'ours',
  });
  const noSender = await parseMail(Buffer.from(letter({ from, text: 'Thank you for your message.' })), { from: '' });
  expect(judged(noSender, { secret, receivedAt }).judged).toEqual({ kind: 'auto_reply', away: false, returns: null });
});

test('the mail that is meant is named by the signed address, by what is brought back, by what is answered', async () => {
  const address = backAddress(secret, 'bounce', id, 'mail.firm.example');
  expect((await judge(dsn({ address: from, to: address, about: ['X-Tendril-Send: e1/hello/1'] }))).named).toEqual({
    byAddress: id,
    sendKeys: ['e1/hello/1'],
    byMessageId: [],
  });
  const answer = letter({ from, headers: ['References: <a@b>', ` <${id.replaceAll('-', '')}@firm.example>`] });
  expect((await judge(answer)).named.byMessageId).toEqual([id]);
  expect((await judge(letter({ from, headers: ['Delivered-To: '.concat(address)] }))).named.byAddress).toBe(id);
});

test('the same mail has the same key by whatever way it came; others that share an id have not', async () => {
  const raw = letter({ from });
  expect((await judge(raw)).key).toBe((await judge(`Received: from x by y\r\n${raw}`)).key);
  expect((await judge(raw)).key).not.toBe((await judge(raw.replace('10:00', '11:00'))).key);
});

test('no mail is too strange: it is judged or refused, and nothing in it is unfit to be kept', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          'From: ',
          'Content-Type: multipart/report; boundary=b\r\n',
          '--b\r\n',
          '\r\n\r\n',
          '\0',
          '=?utf-8?Q?=00?=',
          '\xff',
          'message/delivery-status',
          'Action: failed\r\n',
          'x',
          ':',
        ),
        { maxLength: 40 },
      )
      .map((parts) => new Uint8Array(Buffer.from(parts.join(''), 'latin1'))),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (raw) => {
      const { mail } = await judge(raw);
      const kept = JSON.stringify([mail.messageId, mail.from, mail.to, mail.subject, mail.text, mail.attachments, mail.reports]);
      expect(/\\u0000|\\ud[89a-f]/i.test(kept)).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test('a bomb of nested parts is refused; attachments of ten megabytes are not', async () => {
  const nested = (depth: number) =>
    Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('');
  await expect(judge(nested(2_000))).rejects.toThrow();
  const heads = 'X: y\r\n'.repeat(200_000);
  await expect(judge(`${heads}\r\nx`)).rejects.toThrow();
  const file = Buffer.alloc(10_000_000, 7).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  const mail = `From: ${from}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHere it is.\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}\r\n--b--\r\n`;
  const read = await judge(mail);
  expect(read.judged).toEqual({ kind: 'reply', said: 'Here it is.' });
  expect(read.mail.attachments).toEqual([{ name: 'a.pdf', type: 'application/pdf', size: 10_000_000 }]);
});
