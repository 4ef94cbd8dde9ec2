import { beforeAll, expect, test } from 'vitest';
import { doctor } from '../../../db/doctor.ts';
import { storeEvents } from '../../../db/events.ts';
import { inTransaction } from '../../../db/pool.ts';
import { lockLeads } from '../../../db/wakes.ts';
import { happen } from '../../support/people.ts';
import { addWriters, begin, saveSequence, sequenceOf } from '../../support/sequences.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** Monday noon in Berlin. */
const MONDAY = '2026-03-02T11:00:00Z';

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ at: MONDAY, env: { INBOUND_DOMAIN: 'in.ostara.example', INBOUND_SECRET: 'a-secret-of-the-inbound-hook' } });
  await addWriters(firm);
  await saveSequence(firm);
  await firm.startWorker();
  return firm.close;
}, 60_000);

const run = async (id: string | null) => (await (await firm.get(`/v1/sequence-runs/${id}`)).json()) as Record<string, unknown>;

/** Something that happened to a lead, as any source tells of it. */
async function event(leadId: string, name: string, properties: Record<string, unknown> = {}): Promise<void> {
  await inTransaction(firm.pool, async (tx) => {
    await lockLeads(tx, [leadId]);
    await storeEvents(tx, [{ leadId, name, source: 'test', properties }]);
  });
  await firm.settle();
}

test('three letters leave in one thread, from the rep, on business days in the reader’s hours; `why` tells of it', async () => {
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example', firstName: 'Mei', company: 'Huadong', timezone: 'Asia/Shanghai' }]);
  const { started, people } = await begin(firm, ['mei@huadong.example', 'nobody@huadong.example', 'Mei@Huadong.example']);
  expect(started).toBe(1);
  expect(people.map(({ state }) => state)).toEqual(['started', 'unknown', 'already_running']);
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toEqual([]); // seven in the evening in Shanghai
  await firm.jump('2026-03-20T12:00:00Z');
  await firm.settle();
  for (let i = 0; i < 6 && (await firm.jumpToNext()); i++) await firm.settle();

  const mails = await firm.outbox('mei@huadong.example');
  expect(mails.map(({ subject }) => subject)).toEqual(['Pumps for Huadong', 'Re: Pumps for Huadong', 'Re: Pumps for Huadong']);
  const ids = mails.map(({ headers }) => headers.get('message-id')!);
  expect(mails[0]!.headers.get('in-reply-to')).toBeUndefined();
  expect(mails[1]!.headers.get('in-reply-to')).toBe(ids[0]);
  expect(mails[2]!.headers.get('in-reply-to')).toBe(ids[1]);
  expect(mails[2]!.headers.get('references')).toBe(`${ids[0]} ${ids[1]}`);
  for (const { headers, text, html, at } of mails) {
    expect(headers.get('from')).toBe('"Ana Ruiz" <ana@ostara.example>');
    expect(headers.get('reply-to')).toMatch(/^"Ana Ruiz" <reply\+[a-z2-7]{39}@in\.ostara\.example>$/);
    expect(headers.get('list-unsubscribe')).toMatch(/\/u\//);
    expect(text).toMatch(/rather not hear from me again: http/);
    expect(html).not.toMatch(/<img|<table/);
    const hour = Number(at.toLocaleString('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit' }));
    expect(hour).toBeGreaterThanOrEqual(8);
    expect(hour).toBeLessThan(18);
  }
  expect(mails[0]!.text).toContain('Dear Mei,\n\nshall we talk?\n\nAna Ruiz');
  expect(await run(people[0]!.runId)).toMatchObject({ state: 'completed', rep: { key: 'ana' }, sequence: 'first-contact' });
  const why = JSON.stringify(await (await firm.get('/v1/leads/mei@huadong.example/why')).json());
  expect(why).toContain('started by admin, in the name of Ana Ruiz');
  expect(why).toContain('waits 3bd');
}, 60_000);

test('an answer, a meeting, an unsubscribe, a bounce and a closed opportunity each end a run; a colleague’s answer only where asked', async () => {
  await saveSequence(firm, sequenceOf({ key: 'together', stopOn: ['colleague_reply'] }));
  const stops: [string, Record<string, unknown>, string][] = [
    ['email_replied', {}, 'reply'],
    ['meeting_booked', {}, 'meeting'],
    ['unsubscribed', {}, 'unsubscribe'],
    ['email_bounced', { permanent: true }, 'bounce'],
    ['opportunity_lost', {}, 'opportunity_closed'],
  ];
  const emails = stops.map((_, n) => `p${n}@acme${n}.example`);
  const leads = await happen(
    firm.pool,
    'signed_up',
    [...emails, 'q0@acme0.example', 'r0@acme0.example'].map((email) => ({ email, company: 'Acme' })),
  );
  await inTransaction(firm.pool, (tx) => lockLeads(tx, leads));
  const { people } = await begin(firm, [...emails, 'q0@acme0.example']);
  const together = await begin(firm, ['r0@acme0.example'], 'ben', 'together');
  await firm.settle();
  for (const [n, [name, properties]] of stops.entries()) await event(leads[n]!, name, properties);
  await event(leads[5]!, 'email_bounced', { permanent: false });
  for (const [n, [, , reason]] of stops.entries())
    expect(await run(people[n]!.runId)).toMatchObject({ state: 'exited', endReason: reason });
  expect(await run(people[5]!.runId)).toMatchObject({ state: 'active' });
  expect(await run(together.people[0]!.runId)).toMatchObject({ state: 'exited', endReason: 'colleague_reply', rep: { key: 'ben' } });
}, 60_000);

test('who is out of the office hears nothing until the business morning after their return', async () => {
  const [lead] = await happen(firm.pool, 'signed_up', [{ email: 'otto@away.example', company: 'Away', timezone: 'Europe/Berlin' }]);
  const { people } = await begin(firm, ['otto@away.example']);
  await firm.settle();
  while ((await firm.outbox('otto@away.example')).length === 0) {
    expect(await firm.jumpToNext()).toBe(true);
    await firm.settle();
  }
  const now = await firm.now();
  const back = new Date(now.getTime() + 20 * 86_400_000);
  while (back.getUTCDay() !== 5) back.setUTCDate(back.getUTCDate() + 1); // a Friday
  await event(lead!, 'email_auto_replied', { away: true, returns: back.toISOString().slice(0, 10) });
  await firm.jump('8d');
  await firm.settle();
  expect(await run(people[0]!.runId)).toMatchObject({ state: 'active', waiting: 'away' });
  const monday = new Date(back.getTime() + 3 * 86_400_000);
  await firm.jump(new Date(`${monday.toISOString().slice(0, 10)}T12:00:00Z`));
  await firm.settle();
  const mails = await firm.outbox('otto@away.example');
  expect(mails.at(-1)!.subject).toBe('Re: Pumps for Away');
  expect(mails.at(-1)!.at.getTime()).toBeGreaterThan(monday.getTime());
}, 60_000);

test('a rep writes so many letters a day; the oldest runs come first, the others the next day', async () => {
  await saveSequence(
    firm,
    sequenceOf({ key: 'short', steps: [{ id: 'only', mail: { subject: 'Hello', text: 'Hello.', anytime: true } }] }),
  );
  expect(await firm.put('/v1/reps/ben/letters', { limit: 2 })).toHaveStatus(200);
  const emails = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@limit.example`);
  await happen(
    firm.pool,
    'signed_up',
    emails.map((email) => ({ email })),
  );
  for (const email of emails.toReversed()) await begin(firm, [email], 'ben', 'short');
  await firm.settle();
  const sent = async () =>
    (await Promise.all(emails.map(async (email) => ((await firm.outbox(email)).length > 0 ? email[0] : '')))).join('');
  expect(await sent()).toBe('de');
  expect(await (await firm.get('/v1/reps/ben/letters')).json()).toMatchObject({ limit: 2, own: true, left: 2, waiting: 3 });
  await firm.jump('1d');
  await firm.settle();
  expect(await sent()).toBe('bcde');
  expect(await firm.put('/v1/reps/ben/letters', { limit: null })).toHaveStatus(200);
  await firm.settle();
  expect(await sent()).toBe('abcde');
}, 60_000);

test('the doctor finds nothing wrong', async () => {
  expect((await doctor(firm.pool, { graceSeconds: 60 })).filter(({ violations }) => violations > 0)).toEqual([]);
});
