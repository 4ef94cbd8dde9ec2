import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createMailboxActivities } from '../../../activities/mailbox.ts';
import { mailboxSettings } from '../../../messaging/inbound/imap.ts';
import { startImap } from '../../support/imap.ts';
import { dsn, letter, mailed } from '../../support/mail-back.ts';
import { mailOfTests } from '../../support/nurture.ts';
import { workspace } from '../../support/workspace.ts';

test('a mailbox is read on from where it was, once, whatever breaks in between', async () => {
  const imap = await startImap();
  onTestFinished(() => imap.close());
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], env: { IMAP_URL: imap.url } });
  const { pool, poke } = firm;
  const looks = (url = imap.url) =>
    createMailboxActivities({
      pool,
      poke,
      log: pino({ level: 'silent' }),
      mail: mailOfTests,
      mailbox: { settings: mailboxSettings(url), everyMs: 60_000, limit: 1_000_000 },
    }).lookIntoMailbox();
  const kept = async () => (await pool.query<{ kind: string; state: string }>('select kind, state from inbound_mail order by id')).rows;

  expect(await looks()).toEqual({ sleepMs: 60_000 });
  await mailed(firm, 'mei@huadong.example');
  const { sendKey } = await mailed(firm, 'gone@huadong.example');
  imap.append(letter({ from: 'mei@huadong.example', text: 'Please call me.' }));
  imap.append(dsn({ address: 'gone@huadong.example', about: [`X-Tendril-Send: ${sendKey}`] }));
  imap.append('no mail at all');
  expect(await looks()).toEqual({ sleepMs: 60_000 });
  const all = [
    { kind: 'reply', state: 'done' },
    { kind: 'bounce', state: 'done' },
    { kind: 'reply', state: 'review' },
  ];
  expect(await kept()).toEqual(all);
  expect((await pool.query('select address, kind from suppression')).rows).toEqual([{ address: 'gone@huadong.example', kind: 'bounce' }]);

  // Nothing new; then every mail has another number.
  await looks();
  imap.renumber();
  await looks();
  expect(await kept()).toEqual(all);
  expect((await pool.query(`select from event where name = 'email_replied'`)).rowCount).toBe(1);

  // The wire breaks at any point, while mails come.
  for (let n = 0; n < 3; n++) imap.append(letter({ from: 'mei@huadong.example', text: `And another thing, ${n}: ${'x'.repeat(2_000)}` }));
  for (const bytes of [6_000, 3_500, 1_500, 900, 300, 0]) {
    imap.cut(bytes);
    await looks();
  }
  expect((await pool.query<{ error: string }>('select error from mailbox')).rows[0]!.error).not.toBeNull();
  imap.cut(Infinity);
  expect(await looks()).toEqual({ sleepMs: 60_000 });
  expect(await kept()).toHaveLength(6);
  expect((await pool.query(`select from event where name = 'email_replied'`)).rowCount).toBe(4);
  expect((await pool.query('select error, failures from mailbox')).rows).toEqual([{ error: null, failures: 0 }]);

  // A password that no longer holds is told to people after a while, and never written down.
  const wrong = imap.url.replace(/:[^:@]+@/, ':wrong@');
  for (let n = 0; n < 3; n++) expect((await looks(wrong)).valueOf()).not.toEqual({ sleepMs: 0 });
  const { rows: alerts } = await pool.query<{ kind: string; detail: unknown }>('select kind, detail from alert where closed_at is null');
  expect(alerts.map(({ kind }) => kind)).toContain('mailbox_unread');
  expect(JSON.stringify(alerts)).not.toContain('wrong');
  await looks();
  expect((await pool.query('select from alert where closed_at is null')).rowCount).toBe(0);

  // The same by the loop of a worker.
  imap.append(letter({ from: 'mei@huadong.example', text: 'One more.' }));
  await firm.startWorker();
  firm.poke({ kind: 'mailbox' });
  await vi.waitFor(async () => expect(await kept()).toHaveLength(7), { timeout: 20_000, interval: 50 });
});

test('what is no address of a mailbox is refused without its password', () => {
  for (const wrong of ['http://a:secret@host/INBOX', 'imaps://host/INBOX', 'imaps://a:secret@', 'secret']) {
    expect(() => mailboxSettings(wrong)).toThrow('IMAP_URL');
    expect(() => mailboxSettings(wrong)).not.toThrow('secret');
  }
  expect(mailboxSettings('imaps://a%40b.example:p%2Fw@imap.b.example/Answers%20only')).toMatchObject({
    port: 993,
    secure: true,
    plain: false,
    auth: { user: 'a@b.example', pass: 'p/w' },
    folder: 'Answers only',
    key: 'a@b.example@imap.b.example/Answers only',
  });
  expect(mailboxSettings('imap://a:b@elsewhere.example').plain).toBe(false);
});
