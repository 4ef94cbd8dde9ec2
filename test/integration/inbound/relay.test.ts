import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { comesBack, inboundEnv, letter, mailedBy, postForm } from '../../support/mail-back.ts';
import { saveSequence } from '../../support/sequences.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const replyTo = (headers: Map<string, string>): string => /[\w+.-]+@mail\.firm\.example/.exec(headers.get('reply-to') ?? '')![0];

/** A mail with a file in it. */
function withFile(given: Parameters<typeof letter>[0], file: { name: string; content: string }): string {
  const [head = '', body = ''] = letter(given).split(/\r\n\r\n(.*)/s);
  return [
    head.replace(/^Content-Type:.*$/m, 'Content-Type: multipart/mixed; boundary="f"'),
    '',
    `--f\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}`,
    `--f\r\nContent-Type: application/pdf; name="${file.name}"\r\nContent-Disposition: attachment; filename="${file.name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(file.content).toString('base64')}`,
    '--f--',
    '',
  ].join('\r\n');
}

async function filesOf({ pool }: Workspace, to: string): Promise<{ name: string | null; content: string }[]> {
  const { rows } = await pool.query<{ raw: Buffer }>('select raw from captured_mail where to_address = $1 order by id', [to]);
  const { attachments } = await PostalMime.parse(rows.at(-1)!.raw);
  return attachments.map(({ filename, content }) => ({ name: filename, content: new TextDecoder().decode(content as ArrayBuffer) }));
}

test('a conversation goes to and fro between a person and a rep, in one thread, and neither hears more than was meant for them', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana', 'ben'], env: inboundEnv });
  await firm.startWorker();
  const { messageId } = await mailedBy(firm, 'mei@huadong.example', 'ana');

  // She answers the letter; it comes to the rep in her name, with her file.
  const question = withFile(
    { from: 'Mei Wang <mei@huadong.example>', text: 'How much are twelve?\n\n> Hello Mei', headers: [`In-Reply-To: ${messageId}`] },
    { name: 'drawing.pdf', content: 'a drawing' },
  );
  const theirs = /^Message-ID: (.*)$/m.exec(question)![1]!.trim();
  expect(await comesBack(firm, question)).toMatchObject({ kind: 'reply', state: 'done' });
  await firm.settle();
  const [forward, ...none] = await firm.outbox('ana@firm.example');
  expect(none).toEqual([]);
  expect(forward!.headers.get('from')).toMatch(/^"?Mei Wang via /);
  expect(forward!.headers.get('in-reply-to')).toBe(theirs);
  expect(forward!.headers.get('references')).toBe(`${messageId} ${theirs}`);
  expect(forward!.text).toContain('How much are twelve?');
  expect(await filesOf(firm, 'ana@firm.example')).toEqual([{ name: 'drawing.pdf', content: 'a drawing' }]);
  const { rows: events } = await firm.pool.query(`select properties ->> 'rep' as rep from event where name = 'email_replied'`);
  expect(events).toEqual([{ rep: 'ana' }]);

  // Ana answers, her program quotes the whole forward below; only her words go on.
  const quoted = forward!.text.split('\n').map((line) => `> ${line}`);
  const answer = withFile(
    {
      from: 'Ana <ana@firm.example>',
      to: replyTo(forward!.headers),
      subject: `Re: ${forward!.subject}`,
      text: ['Twelve are 9,000 €.', 'Shall I call?', '', 'On Mon, Mar 2, 2026 at 10:00 AM Mei Wang via Firm wrote:', ...quoted].join('\n'),
    },
    { name: 'offer.pdf', content: 'an offer' },
  );
  for (const time of ['first', 'again']) {
    const taken = await comesBack(firm, answer);
    expect(taken).toMatchObject(time === 'first' ? { kind: 'reply', state: 'done' } : { id: null });
  }
  await firm.settle();
  const [reply, ...more] = await firm.outbox('mei@huadong.example');
  expect(more).toEqual([]);
  expect(reply!.text.trim()).toBe('Twelve are 9,000 €.\nShall I call?');
  expect(reply!.html).not.toContain('task');
  expect(reply!.headers.get('from')).toContain('ana@firm.example');
  expect(reply!.subject).toBe('Re: Welcome');
  expect(reply!.headers.get('in-reply-to')).toBe(theirs);
  expect(reply!.headers.get('references')).toBe(`${messageId} ${theirs}`);
  expect(await filesOf(firm, 'mei@huadong.example')).toEqual([{ name: 'offer.pdf', content: 'an offer' }]);

  // And on it goes.
  const thanks = letter({ from: 'mei@huadong.example', to: replyTo(reply!.headers), text: 'Yes, please.' });
  expect(await comesBack(firm, thanks)).toMatchObject({ kind: 'reply', state: 'done' });
  await firm.settle();
  expect(await firm.outbox('ana@firm.example')).toHaveLength(2);
  expect((await firm.pool.query(`select from task where state = 'open'`)).rowCount).toBe(1);
  const { rows: names } = await firm.pool.query<{ name: string }>('select name from event order by id');
  expect(names.map(({ name }) => name)).toEqual(['email_replied', 'email_sent_by_rep', 'email_replied']);

  // What must not go on does not: a machine's answer, a stranger's, our own mail back, nothing at all, what cannot be told from what was quoted.
  const address = replyTo(forward!.headers);
  const away = {
    from: 'ana@firm.example',
    to: address,
    subject: 'Out of office',
    text: 'I am on vacation.',
    headers: ['Auto-Submitted: auto-replied'],
  };
  await comesBack(firm, letter(away));
  expect(await comesBack(firm, letter({ from: 'thief@elsewhere.example', to: address, text: 'Pay here.' }))).toMatchObject({
    state: 'review',
  });
  await comesBack(firm, letter({ from: 'ana@firm.example', to: address, text: 'x', headers: ['X-Tendril-Send: relay/1'] }));
  await comesBack(firm, letter({ from: 'ana@firm.example', to: address, text: quoted.join('\n') }));
  await comesBack(firm, letter({ from: 'ana@firm.example', to: address, text: 'See http://tendril.test/task/abc for it' }));
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(1);
  const told = (await firm.outbox('ana@firm.example')).slice(2);
  expect(told.map(({ subject }) => subject.split(':')[0])).toEqual(['Your answer did not go on', 'Your answer did not go on']);

  // Who only writes under somebody's address is not them: neither at the rep's address, which lets them talk to people, nor at ours.
  const forged = (from: string, to: string, checks: { SPF: string; dkim: string }, sender: string) =>
    postForm(firm, { email: letter({ from, to, text: 'Pay here.' }), envelope: JSON.stringify({ to: [to], from: sender }), ...checks });
  const own = { SPF: 'pass', dkim: '{@elsewhere.example : pass, @firm.example : fail}' };
  await forged('ana@firm.example', address, own, 'thief@elsewhere.example');
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(1);
  expect((await firm.outbox('ana@firm.example')).at(-1)!.text).toContain('nobody could confirm that it came from you');
  const asMei = await forged('mei@huadong.example', 'hello@mail.firm.example', { SPF: 'softfail', dkim: 'none' }, 'mei@huadong.example');
  expect(await asMei.json()).toMatchObject({ kind: 'reply', state: 'review' });
  await forged('ana@firm.example', address, { SPF: 'none', dkim: '{@mail.firm.example : pass}' }, 'ana@firm.example');
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(2);

  // Two machines that answer each other come to an end.
  await firm.pool.query(
    `insert into inbound_mail (key, channel, kind, state, lead_id) select n::text, 'hook', 'reply', 'done', lead_id from (select distinct lead_id from send where sender is not null) s, generate_series(1, 20) n`,
  );
  await comesBack(firm, letter({ from: 'ana@firm.example', to: address, text: 'One too many' }));
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(2);
  expect((await firm.outbox('ana@firm.example')).at(-1)!.text).toContain('too many mails between the two of you');

  // A letter whose rep has left goes to whoever has the lead now, who writes directly.
  await firm.pool.query(`update rep set active = false where key = 'ana'`);
  await firm.jump('2d');
  await comesBack(firm, letter({ from: 'mei@huadong.example', to: replyTo(reply!.headers), text: 'Are you there?' }));
  await firm.settle();
  const [toBen] = (await firm.outbox('ben@firm.example')).slice(-1);
  expect(toBen!.headers.get('reply-to')).toContain('mei@huadong.example');

  // Where somebody has taken over the run that it belongs to, the conversation is theirs.
  await saveSequence(firm);
  const { rows: leads } = await firm.pool.query<{ id: string }>('select distinct lead_id as id from send where lead_id is not null');
  const begun = await firm.post('/v1/sequences/first-contact/runs', { leadIds: leads.map(({ id }) => id), rep: 'ben', inCampaign: 'wait' });
  expect(await begun.json()).toMatchObject({ started: 1 });
  await firm.pool.query(`update send set enrolment_id = (select id from enrolment where rep_id is not null) where class <> 'internal'`);
  await comesBack(firm, letter({ from: 'mei@huadong.example', to: replyTo(reply!.headers), text: 'Hello?' }));
  await firm.settle();
  const [again] = (await firm.outbox('ben@firm.example')).slice(-1);
  expect(again!.text).toContain('Hello?');
  expect(replyTo(again!.headers)).toContain('@mail.firm.example');
});
