import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createMailboxActivities, inboundChores } from '../../../activities/mailbox.ts';
import { inTransaction } from '../../../db/pool.ts';
import { startImap } from '../../support/imap.ts';
import { dsn, inboundEnv, letter, mailedBy } from '../../support/mail-back.ts';
import { mailOfTests } from '../../support/nurture.ts';
import { workspace } from '../../support/workspace.ts';

test('a rep’s own mailbox is read for what concerns their letters, and nothing else of it is kept', async () => {
  const imap = await startImap();
  onTestFinished(() => imap.close());
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana', 'ben'], env: inboundEnv });
  const { pool, poke } = firm;
  const mailbox = { settings: null, everyMs: 60_000, limit: 1_000_000 };
  const { lookIntoMailbox } = createMailboxActivities({ pool, poke, log: pino({ level: 'silent' }), mail: mailOfTests, mailbox });
  const { rows: reps } = await pool.query<{ id: string }>(`select id from rep where key = 'ana'`);
  const repId = reps[0]!.id;
  const port = Number(new URL(imap.url).port);
  const box = { host: '127.0.0.1', port, tls: 'none', username: 'answers', password: 'p@ss/word' };

  expect(await firm.get('/v1/reps/ana/mailbox')).toHaveStatus(404);
  expect(await lookIntoMailbox({ repId })).toBe('done');
  expect(await firm.put('/v1/reps/ana/mailbox', { ...box, password: undefined })).toHaveStatus(422);
  expect(await firm.put('/v1/reps/ana/mailbox', { ...box, password: 'wrong' })).toHaveStatus(200);
  expect(await (await firm.post('/v1/reps/ana/mailbox/check')).json()).toMatchObject({ ok: false, mails: null });
  const made = await firm.put('/v1/reps/ana/mailbox', box);
  expect(await made.text()).not.toContain('word');
  expect(await (await firm.post('/v1/reps/ana/mailbox/check')).json()).toEqual({ ok: true, mails: 0, error: null });
  const { rows: stored } = await pool.query<{ secret: string }>('select secret from rep_mailbox');
  expect(stored[0]!.secret).not.toContain('p@ss');
  expect(await firm.put('/v1/reps/ben/mailbox', box)).toHaveStatus(409);
  expect(await firm.put('/v1/reps/ana/mailbox', { ...box, password: undefined })).toHaveStatus(200);
  for (const scope of ['read', 'write'] as const)
    expect(await firm.with(await firm.newKey(scope)).put('/v1/reps/ana/mailbox', box)).toHaveStatus(403);

  const mei = await mailedBy(firm, 'mei@huadong.example', 'ana', { run: true });
  const gone = await mailedBy(firm, 'gone@huadong.example', 'ana');
  const li = await mailedBy(firm, 'li@huadong.example', 'ana');
  expect(await lookIntoMailbox({ repId })).toEqual({ sleepMs: 60_000 });
  imap.append(letter({ from: 'partner@home.example', subject: 'Tonight', text: 'Bring bread.' }));
  imap.append(letter({ from: 'stranger@huadong.example', text: 'Prices?' }));
  imap.append(letter({ from: 'li@huadong.example', subject: 'Golf', text: 'Not about any letter.' }));
  imap.append(letter({ from: 'mei@huadong.example', text: 'Please call me.' }));
  imap.append(letter({ from: 'assistant@huadong.example', text: 'He asks for a price.', headers: [`In-Reply-To: ${li.messageId}`] }));
  imap.append(dsn({ address: 'gone@huadong.example', about: [`X-Tendril-Send: ${gone.sendKey}`] }));
  imap.append(dsn({ address: 'aunt@home.example' }));
  imap.append(letter({ from: 'ana@firm.example', to: 'mei@huadong.example', headers: [`In-Reply-To: ${mei.messageId}`] }));
  imap.append(letter({ from: 'Tendril <hello@firm.example>', headers: ['X-Tendril-Send: reply/1'] }));
  expect(await lookIntoMailbox({ repId })).toEqual({ sleepMs: 60_000 });

  const { rows: kept } = await pool.query<{ from: string; kind: string; reason: string | null }>(
    'select from_address as "from", kind, reason from inbound_mail order by id',
  );
  const theirs = 'it lies in their own mailbox';
  expect(kept).toEqual([
    { from: 'mei@huadong.example', kind: 'reply', reason: theirs },
    { from: 'assistant@huadong.example', kind: 'reply', reason: theirs },
    { from: 'mailer-daemon@mx.elsewhere.example', kind: 'bounce', reason: null },
    { from: 'ana@firm.example', kind: 'reply', reason: 'a colleague wrote it' },
  ]);
  const { rows: events } = await pool.query<{ name: string; leadId: string }>('select name, lead_id as "leadId" from event order by id');
  expect(events).toEqual([
    { name: 'email_replied', leadId: mei.leadId },
    { name: 'email_replied', leadId: li.leadId },
    { name: 'email_bounced', leadId: gone.leadId },
  ]);
  // The rep has it already: a task, and no second copy.
  expect((await pool.query(`select from task t join rep r on r.id = t.owner_rep_id where r.key = 'ana'`)).rowCount).toBe(2);
  expect((await pool.query(`select from send where class = 'internal'`)).rowCount).toBe(0);
  expect(await (await firm.get('/v1/reps/ana/mailbox')).json()).toMatchObject({ failures: 0, error: null, username: 'answers' });

  // Whoever has left is not read; a password of another secret is asked for anew.
  await pool.query(`update rep set active = false where key = 'ana'`);
  expect(await lookIntoMailbox({ repId })).toBe('done');
  await pool.query(`update rep set active = true where key = 'ana'`);
  await pool.query(`update rep_mailbox set secret = 'x'`);
  expect(await lookIntoMailbox({ repId })).toEqual({ sleepMs: 60_000 });
  expect(await (await firm.get('/v1/reps/ana/mailbox')).json()).toMatchObject({
    failures: 1,
    error: expect.stringContaining('TENDRIL_SECRET') as string,
  });
  await firm.put('/v1/reps/ana/mailbox', box);

  // The sweeper starts its loop where none runs.
  await pool.query(`update mailbox set next_look_real = now() - interval '1 minute'`);
  const due = await Promise.all(inboundChores(mailbox, 90).map((chore) => inTransaction(pool, (tx) => chore.run(tx))));
  expect(due.flat()).toEqual([{ kind: 'mailbox', repId }]);

  expect(await firm.delete('/v1/reps/ana/mailbox')).toHaveStatus(204);
  expect((await pool.query('select from mailbox')).rowCount).toBe(0);
});
