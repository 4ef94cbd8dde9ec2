import { beforeAll, beforeEach, expect, test } from 'vitest';
import { chores } from '../../../activities/chores.ts';
import { inTransaction } from '../../../db/pool.ts';
import { queueSends } from '../../../db/sends.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { type FakeSendgrid, sendgridEnv, startFakeSendgrid, type TakenMail } from '../../support/fake-sendgrid.ts';
import { effectsOf, tell } from '../../support/sendgrid-events.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let firm: Workspace;
let fake: FakeSendgrid;
let people = 0;

beforeAll(async () => {
  fake = await startFakeSendgrid();
  firm = await workspace({
    at: '2026-03-02T09:00:00Z',
    documents: topics,
    reps: ['ana'],
    env: { ...sendgridEnv(fake), MAIL_TRANSPORT_INTERNAL: 'capture' },
  });
  await firm.pool.query('update rep set manager = true');
  await launch(
    firm,
    campaignOf({
      steps: [
        { id: 'hello', send: 'trial-welcome' },
        { id: 'w', wait: '3d' },
        { id: 'more', send: 'trial-nudge' },
      ],
    }),
  );
  await firm.startWorker();
  return async () => {
    await firm.close();
    await fake.close();
  };
});
beforeEach(() => void fake.script.splice(0));

/** Each of a company of their own: a complaint pauses the marketing to the whole of it. */
const newcomer = (): string => `lead@firm${++people}.example`;

/** Somebody new who has got the campaign's first mail. */
async function mailed(): Promise<TakenMail> {
  const email = newcomer();
  await firm.post('/v1/track', { event: 'signed_up', userId: email, context: { traits: { email } } });
  await firm.settle();
  const mail = fake.taken.find(({ to }) => to === email);
  expect(mail, `a mail to ${email}`).toBeDefined();
  return mail!;
}

/** A confirmation to somebody who is known. */
async function confirmed(to: string, n: number): Promise<TakenMail> {
  const { rows } = await firm.pool.query<{ id: string }>('select id from lead where email = $1', [to]);
  await queueSends(firm.pool, [
    { sendKey: `again/${to}/${n}`, class: 'transactional', leadId: rows[0]!.id, template: 'form-confirmation' },
  ]);
  firm.poke({ kind: 'delivery', lane: 'transactional' });
  await firm.settle();
  return fake.taken.find(({ sendKey }) => sendKey === `again/${to}/${n}`)!;
}

const suppressionsOf = async (address: string): Promise<unknown[]> =>
  (
    (await (await firm.get(`/v1/suppressions?address=${address}`)).json()) as { items: { kind: string; scope: string; source: string }[] }
  ).items.map(({ kind, scope, source }) => ({ kind, scope, source }));

const sendOf = async ({ sendKey }: TakenMail): Promise<{ state: string; reason: string | null; id: string }> =>
  (
    await firm.pool.query<{ state: string; reason: string | null; id: string }>('select id, state, reason from send where send_key = $1', [
      sendKey,
    ])
  ).rows[0]!;

test('a delivered mail says so: on its ledger row and in the life of its lead', async () => {
  const mail = await mailed();
  expect(mail.body.categories).toEqual(['marketing', 'trial', 'trial/hello']);
  const events = [
    fake.event(mail, 'processed'),
    fake.event(mail, 'deferred', { response: '450 later', attempt: '1' }),
    fake.event(mail, 'delivered'),
  ];
  expect(await tell(firm, fake, ...events)).toEqual({ fresh: 3, known: 0, ignored: 0 });
  expect(await tell(firm, fake, ...events)).toEqual({ fresh: 0, known: 3, ignored: 0 });
  const { id } = await sendOf(mail);
  const send = (await (await firm.get(`/v1/sends/${id}`)).json()) as {
    providerId: string;
    delivery: { kind: string; reason: string | null }[];
  };
  expect(send.providerId).toBe(mail.messageId);
  expect(send.delivery.map(({ kind }) => kind).toSorted()).toEqual(['deferred', 'delivered', 'processed']);
  const life = (await (await firm.get(`/v1/leads/${mail.to}/timeline`)).json()) as {
    items: { kind: string; data: { delivery?: unknown[] } }[];
  };
  expect(life.items.find(({ kind }) => kind === 'mail')!.data.delivery).toHaveLength(3);
});

test('a hard bounce bars the address from everything, and the campaign ends with that reason when it would mail again', async () => {
  const mail = await mailed();
  await tell(firm, fake, fake.event(mail, 'bounce', { type: 'bounce', status: '5.1.1', reason: '550 no such user' }));
  expect(await suppressionsOf(mail.to)).toEqual([{ kind: 'bounce', scope: 'all', source: 'sendgrid' }]);
  const life = (await (await firm.get(`/v1/leads/${mail.to}/timeline`)).json()) as {
    items: { what: string; data: { properties?: object } }[];
  };
  expect(life.items.find(({ what }) => what === 'email_bounced')!.data.properties).toMatchObject({
    permanent: true,
    step: 'hello',
    status: '5.1.1',
  });
  await firm.jump('4d');
  await firm.settle();
  expect(await standing(firm, 'trial', mail.to)).toMatchObject([{ state: 'exited', endReason: 'address_dead' }]);
});

test('a block is soft: mail goes on; three within a month are an address that is dead, a delivery told late brings it back', async () => {
  const first = await mailed();
  const { to } = first;
  const mails = [first, await confirmed(to, 2), await confirmed(to, 3)];
  const day = (n: number) => Math.floor(Date.parse('2026-02-01T00:00:00Z') / 1000) + n * 86_400;
  const block = (n: number) =>
    fake.event(mails[n]!, 'bounce', { type: 'blocked', status: '5.2.2', reason: '552 5.2.2 over quota', timestamp: day(n) });
  await tell(firm, fake, block(0), block(1));
  expect(await suppressionsOf(to)).toEqual([]);
  await tell(firm, fake, block(2));
  expect(await suppressionsOf(to)).toEqual([{ kind: 'bounce', scope: 'all', source: 'soft-bounces' }]);
  await tell(firm, fake, fake.event(mails[1]!, 'delivered', { timestamp: day(1) + 3600 }));
  expect(await suppressionsOf(to)).toEqual([]);
});

test('a drop is for a reason from the past: no new bounce, and nobody is barred for it', async () => {
  const mail = await mailed();
  await tell(firm, fake, fake.event(mail, 'dropped', { reason: 'Bounced Address', status: '5.0.0' }));
  expect(await suppressionsOf(mail.to)).toEqual([]);
  const { id } = await sendOf(mail);
  expect(await (await firm.get(`/v1/sends/${id}`)).json()).toMatchObject({ delivery: [{ kind: 'dropped', reason: 'Bounced Address' }] });
});

test('who reports a mail as spam is out of everything at once, and the managers hear of it once', async () => {
  const mail = await mailed();
  const complaint = fake.event(mail, 'spamreport');
  await tell(firm, fake, complaint);
  await tell(firm, fake, complaint);
  await firm.settle();
  expect(await suppressionsOf(mail.to)).toEqual([{ kind: 'complaint', scope: 'all', source: 'sendgrid' }]);
  expect(await standing(firm, 'trial', mail.to)).toMatchObject([{ state: 'exited', endReason: 'complained' }]);
  const why = JSON.stringify(await (await firm.get(`/v1/leads/${mail.to}/why`)).json());
  expect(why).toContain('reported a mail as spam');
  expect(await openAlerts('complaint')).toMatchObject([{ about: 'trial', times: 1, closedAt: null }]);
  await doChores();
  await doChores();
  await firm.settle();
  const told = (await firm.outbox('ana@firm.example')).filter(({ subject }) => subject?.includes('spam'));
  expect(told).toHaveLength(1);
});

test('who unsubscribes at SendGrid gets no marketing more; a confirmation still', async () => {
  const mail = await mailed();
  await tell(firm, fake, fake.event(mail, 'unsubscribe'));
  expect(await suppressionsOf(mail.to)).toEqual([{ kind: 'unsubscribe', scope: 'marketing', source: 'sendgrid' }]);
  expect((await confirmed(mail.to, 2)).body.mail_settings?.bypass_unsubscribe_management).toEqual({ enable: true });
  await firm.jump('4d');
  await firm.settle();
  expect(await standing(firm, 'trial', mail.to)).toMatchObject([{ state: 'exited', endReason: 'unsubscribed' }]);
});

test('who leaves a group leaves the topic of that mail; who comes back takes back only that', async () => {
  const mail = await mailed();
  const consent = async () =>
    (
      await firm.pool.query<{ granted: boolean }>(
        `select k.granted from consent k join lead l on l.id = k.lead_id where l.email = $1 and k.topic = 'news' order by k.id desc limit 1`,
        [mail.to],
      )
    ).rows[0]?.granted ?? null;
  const left = fake.event(mail, 'group_unsubscribe', { asm_group_id: 10, timestamp: 1_772_000_000 });
  const back = fake.event(mail, 'group_resubscribe', { asm_group_id: 10, timestamp: 1_772_000_100 });
  await tell(firm, fake, left);
  expect(await consent()).toBe(false);
  await tell(firm, fake, back);
  expect(await consent()).toBe(true);
  await tell(firm, fake, left);
  expect(await consent()).toBe(true);
  expect(await suppressionsOf(mail.to)).toEqual([]);
});

test('what nobody could vouch for is settled by what SendGrid tells of it, and its campaign goes on', async () => {
  fake.script.push('reset after');
  const mail = await mailed();
  expect(await sendOf(mail)).toMatchObject({ state: 'unknown' });
  await tell(firm, fake, fake.event(mail, 'processed'));
  expect(await sendOf(mail)).toMatchObject({ state: 'accepted', reason: null });
  await firm.settle();
  expect(await standing(firm, 'trial', mail.to)).toMatchObject([{ state: 'active', stepId: 'w' }]);
});

test('opens and clicks are told on, a machine’s marked; our own links count themselves', async () => {
  const mail = await mailed();
  expect(
    await tell(
      firm,
      fake,
      fake.event(mail, 'open', { sg_machine_open: true, useragent: 'Mozilla/5.0' }),
      fake.event(mail, 'click', { url: 'https://pumps.example/guide', useragent: 'Mozilla/5.0 (Windows NT 10.0)' }),
      fake.event(mail, 'click', { url: 'http://tendril.test/c/abc', useragent: 'Mozilla/5.0 (Windows NT 10.0)' }),
    ),
  ).toEqual({ fresh: 2, known: 0, ignored: 1 });
  const { hits } = (await effectsOf(firm)) as { hits: [string, string, string | null, string[]][] };
  expect(hits.filter(([email]) => email === mail.to)).toEqual([
    [mail.to, 'click', 'https://pumps.example/guide', []],
    [mail.to, 'open', null, ['machine']],
  ]);
});

test('mail that went out by other means bars who bounced, complained or unsubscribed, too', async () => {
  const event = (email: string, name: string, more = {}) => ({
    email,
    event: name,
    timestamp: 1_772_000_000,
    sg_event_id: `${email}${name}`,
    ...more,
  });
  await tell(
    firm,
    fake,
    event('gone@y.example', 'bounce', { type: 'bounce' }),
    event('cross@y.example', 'spamreport'),
    event('enough@y.example', 'unsubscribe'),
    event('some@y.example', 'group_unsubscribe', { asm_group_id: 3 }),
    event('news@y.example', 'delivered'),
  );
  expect(await suppressionsOf('gone@y.example')).toEqual([{ kind: 'bounce', scope: 'all', source: 'sendgrid' }]);
  expect(await suppressionsOf('cross@y.example')).toEqual([{ kind: 'complaint', scope: 'all', source: 'sendgrid' }]);
  expect(await suppressionsOf('enough@y.example')).toEqual([{ kind: 'unsubscribe', scope: 'marketing', source: 'sendgrid' }]);
  expect(await suppressionsOf('some@y.example')).toEqual([{ kind: 'unsubscribe', scope: 'marketing', source: 'sendgrid-group-3' }]);
  await tell(firm, fake, event('some@y.example', 'group_resubscribe', { asm_group_id: 3, timestamp: 1_772_000_001 }));
  expect(await suppressionsOf('some@y.example')).toEqual([]);
});

test('refused credentials stop that lane alone: nothing is lost, everybody sees why, the managers are told by another, and resuming sends it', async () => {
  for (const { id } of await openAlerts('complaint')) expect(await firm.post(`/v1/alerts/${id}/close`)).toHaveStatus(200);
  fake.letIn('another key');
  const email = newcomer();
  await firm.post('/v1/track', { event: 'signed_up', userId: email, context: { traits: { email } } });
  await expect.poll(stopped, { timeout: 20_000 }).toContain('does not let us send');
  await doChores();
  await firm.settle();
  expect((await firm.outbox('ana@firm.example')).map(({ subject }) => subject)).toContain('No marketing mail leaves');
  const page = await (await firm.anyone.get('/')).text();
  expect(page).toContain('No marketing mail leaves');
  expect(await sendsTo(email)).toEqual(['queued']);

  fake.letIn(fake.apiKey);
  expect(await firm.post('/v1/lanes/marketing/resume')).toHaveStatus(204);
  await firm.settle();
  expect(await sendsTo(email)).toEqual(['accepted']);
  await doChores();
  expect(await openAlerts('lane_stopped')).toEqual([]);
});

const stopped = async (): Promise<string | null> =>
  (await firm.pool.query<{ reason: string | null }>(`select stopped_reason as reason from lane where key = 'marketing'`)).rows[0]!.reason;

async function doChores(): Promise<void> {
  for (const chore of chores) (await inTransaction(firm.pool, (tx) => chore.run(tx))).forEach(firm.poke);
}

async function openAlerts(kind: string): Promise<{ id: string }[]> {
  const { items } = (await (await firm.get('/v1/alerts')).json()) as { items: { id: string; kind: string }[] };
  return items.filter((one) => one.kind === kind);
}

const sendsTo = async (email: string): Promise<string[]> =>
  (
    await firm.pool.query<{ state: string }>('select s.state from send s join lead l on l.id = s.lead_id where l.email = $1', [email])
  ).rows.map(({ state }) => state);
