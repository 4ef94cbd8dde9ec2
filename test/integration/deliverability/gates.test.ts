import { beforeEach, expect, test } from 'vitest';
import { createThrottle } from '../../../activities/gates.ts';
import { putDocument } from '../../../db/documents.ts';
import { tidyHeldMail } from '../../../db/held-mail.ts';
import { inTransaction } from '../../../db/pool.ts';
import { queueSends } from '../../../db/sends.ts';
import { pauseDomain, resumeDomain } from '../../../db/spam-watch.ts';
import type { SendClass } from '../../../domain/delivery/mail.ts';
import type { Outcome, OutgoingMessage, Transport } from '../../../messaging/transports/transport.ts';
import { deliveryOver, emptyLedger, notingTransport } from '../../support/delivery.ts';

const ledger = emptyLedger();

beforeEach(async () => {
  await ledger.pool.query('truncate held_mail, warm_up_day, sending_domain, mail_host, document');
  await ledger.pool.query(`delete from sending_gate where key <> 'rules'`);
  await ledger.pool.query(`update workspace set timezone = 'UTC'`);
  await at('2026-03-02T09:00:00Z');
});

/** Freezes the clock at an instant, also an earlier one. */
const at = (instant: string) =>
  ledger.pool.query('update workspace set clock_rate = 0, clock_anchor_at = $1, clock_anchor_real = now()', [instant]);
const rules = (body: unknown) => putDocument(ledger.pool, 'deliverability', 'default', body);
const warming = (warmUp: object, more: object = {}) =>
  rules({ domains: { 'firm.example': { warmUp: { from: '2026-03-02', until: 1_000, ...warmUp } } }, ...more });

/** Mails to so many people, `name0@domain` and on. */
async function mails(
  name: string,
  domain: string,
  count: number,
  over: { class?: SendClass; priority?: number; notAfter?: Date } = {},
): Promise<void> {
  const { rows } = await ledger.pool.query<{ id: string; email: string }>(
    `insert into lead (email) select $1 || n || '@' || $2 from generate_series(0, $3 - 1) n returning id, email`,
    [name, domain, count],
  );
  await queueSends(
    ledger.pool,
    rows.map(({ id, email }) => ({ sendKey: `to/${email}`, class: 'marketing', leadId: id, template: 'form-confirmation', ...over })),
  );
}

let crew: Awaited<ReturnType<typeof deliveryOver>> | undefined;
let carrier = notingTransport();

/** What so many workers at once deliver of a lane, by address. */
async function delivered({
  workers = 1,
  lane = 'marketing',
  answer,
}: { workers?: number; lane?: string; answer?: (message: OutgoingMessage) => Outcome } = {}): Promise<string[]> {
  carrier = notingTransport(answer);
  const transport: Transport = { send: (messages) => carrier.transport.send(messages), close: async () => {} };
  crew ??= await deliveryOver(ledger.pool, { transport, throttle: createThrottle({ freshMs: 0 }) });
  const { deliver } = crew;
  await Promise.all(Array.from({ length: workers }, () => deliver({ lane })));
  return carrier.sent.map((message) => message.to.address);
}

async function waiting(): Promise<Record<string, number>> {
  const { rows } = await ledger.pool.query<{ key: string; n: number }>(
    `select concat_ws(' ', reason, to_char(due_at at time zone 'UTC', 'YYYY-MM-DD')) as key, count(*)::int as n from send where state = 'queued' group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ key, n }) => [key, n]));
}

test('a warming domain sends its budget, four workers at once, and the rest on the days that have room, nobody lost', async () => {
  await warming({ start: 20, growth: '50%' });
  await mails('a', 'pumps.example', 100);
  expect(await delivered({ workers: 4 })).toHaveLength(20);
  expect(await waiting()).toEqual({ 'held: warm_up 2026-03-03': 30, 'held: warm_up 2026-03-04': 45, 'held: warm_up 2026-03-05': 5 });

  await mails('z', 'pumps.example', 10);
  expect(await delivered()).toEqual([]);
  await at('2026-03-03T18:00:00Z');
  const tuesday = await delivered({ workers: 3 });
  expect(tuesday).toHaveLength(30);
  expect(tuesday.some((address) => address.startsWith('z'))).toBe(false);
  await at('2026-03-04T18:00:00Z');
  expect(await delivered({ workers: 2 })).toHaveLength(45);
  await at('2026-03-05T18:00:00Z');
  expect(await delivered()).toHaveLength(15);
  expect(await waiting()).toEqual({});
});

/** What has gone and what is promised, by day. */
async function days(): Promise<Record<string, [used: number, promised: number]>> {
  const { rows } = await ledger.pool.query<{ day: string; used: number; promised: number }>(
    'select day::text as day, used, promised from warm_up_day order by day',
  );
  return Object.fromEntries(rows.map(({ day, used, promised }) => [day, [used, promised]]));
}

test('a day is the workspace’s own, the short one and the long one too; time that nobody worked doubles none and loses none', async () => {
  for (const [zone, first, around] of [
    ['Europe/Berlin', '2026-03-28', ['2026-03-28T22:30', '2026-03-28T23:30', '2026-03-29T01:30', '2026-03-29T21:59', '2026-03-29T22:01']],
    [
      'America/New_York',
      '2026-10-31',
      ['2026-11-01T03:30', '2026-11-01T04:30', '2026-11-01T06:30', '2026-11-02T04:59', '2026-11-02T05:01'],
    ],
  ] as const) {
    await ledger.pool.query('truncate send, lead, held_mail, warm_up_day cascade');
    await ledger.pool.query('update workspace set timezone = $1', [zone]);
    const [second, third, fourth, fifth] = [1, 2, 3, 4].map((n) => new Date(Date.parse(first) + n * 86_400_000).toISOString().slice(0, 10));
    await warming({ from: first, start: 10, growth: '50%' });
    const went: number[] = [];
    await at(`${around[0]}:00Z`);
    await mails('a', 'pumps.example', 60);
    went.push((await delivered({ workers: 2 })).length);
    for (const [n, minute] of around.slice(1).entries()) {
      await at(`${minute}:00Z`);
      await mails(`new${n}-`, 'pumps.example', 1);
      went.push((await delivered({ workers: 2 })).length);
    }
    // 23:30, then past midnight, past the clocks' change, a minute before midnight, a minute after.
    expect([zone, went]).toEqual([zone, [10, 0, 0, 15, 0]]);
    // Half of the third day, and nobody works until the fifth.
    await at(`${third}T14:00:00Z`);
    const some = (await delivered()).length;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(22);
    await at(`${fifth}T17:00:00Z`);
    expect(await delivered({ workers: 3 })).toHaveLength(64 - 25 - some);
    expect(await waiting()).toEqual({});
    expect(await days()).toEqual({
      [first]: [10, 0],
      [second!]: [15, 0],
      [third!]: [some, 0],
      [fourth!]: [0, 0],
      [fifth!]: [64 - 25 - some, 0],
    });
  }
});

test('confirmations leave whatever the budget says, and are counted', async () => {
  await warming({ start: 5 });
  await mails('c', 'pumps.example', 4, { class: 'transactional' });
  await mails('n', 'pumps.example', 3);
  expect(await delivered({ lane: 'transactional' })).toHaveLength(4);
  expect(await delivered()).toHaveLength(1);
  await mails('d', 'pumps.example', 3, { class: 'transactional' });
  expect(await delivered({ lane: 'transactional' })).toHaveLength(3);
});

test('a mail server that takes nothing for an hour does not eat up the budget of the day', async () => {
  await warming({ start: 5 });
  await mails('a', 'pumps.example', 5);
  const busy = (): Outcome => ({ kind: 'retry', reason: '451 not now', lane: false, afterMs: 60_000 });
  for (const minute of ['10:00', '10:05', '10:10']) {
    await at(`2026-03-02T${minute}:00Z`);
    expect(await delivered({ answer: busy })).toHaveLength(5);
  }
  await at('2026-03-02T11:00:00Z');
  expect(await delivered()).toHaveLength(5);
  expect((await ledger.pool.query('select used from warm_up_day')).rows).toEqual([{ used: 5 }]);
});

test('a provider is given so many a minute, whoever else waits goes on at once', async () => {
  await rules({ providers: { gmail: 60, outlook: { marketing: 6 } } });
  await mails('g', 'gmail.com', 25);
  await mails('o', 'hotmail.de', 3);
  await mails('f', 'pumps.example', 40);
  const first = await delivered({ workers: 3 });
  expect(first.filter((address) => address.endsWith('@gmail.com'))).toHaveLength(10);
  expect(first.filter((address) => address.endsWith('@hotmail.de'))).toHaveLength(1);
  expect(first.filter((address) => address.endsWith('@pumps.example'))).toHaveLength(40);
  const { rows } = await ledger.pool.query<{ at: string; n: number }>(
    `select to_char(due_at at time zone 'UTC', 'HH24:MI:SS') as at, count(*)::int as n from send where state = 'queued' and address is null group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { at: '09:00:10', n: 11 },
    { at: '09:00:20', n: 6 },
  ]);
  await at('2026-03-02T09:00:10Z');
  expect(await delivered({ workers: 2 })).toHaveLength(11);
  await at('2026-03-02T09:00:20Z');
  expect(await delivered()).toHaveLength(6);
  expect(await waiting()).toEqual({});
});

test('companies are throttled with the provider that has their mailboxes, once it is known', async () => {
  await rules({ providers: { gmail: 6 }, lookUpHosts: true });
  await mails('a', 'pumps.example', 3);
  expect(await delivered()).toHaveLength(3);
  expect((await ledger.pool.query('select domain, family from mail_host')).rows).toEqual([{ domain: 'pumps.example', family: null }]);
  await ledger.pool.query(`update mail_host set family = 'gmail', looked_up_real = now()`);
  await mails('b', 'pumps.example', 3);
  expect(await delivered()).toHaveLength(1);
});

test('a place whose mail will never come is somebody else’s', async () => {
  await warming({ start: 2, growth: '1%' });
  await mails('a', 'pumps.example', 6);
  expect(await delivered()).toHaveLength(2);
  await ledger.pool.query(`update send set state = 'cancelled', settled_at = clock() where state = 'queued' and due_at < '2026-03-04'`);
  await inTransaction(ledger.pool, tidyHeldMail);
  await mails('b', 'pumps.example', 2);
  expect(await delivered()).toEqual([]);
  expect(await waiting()).toEqual({ 'held: warm_up 2026-03-03': 2, 'held: warm_up 2026-03-04': 2 });
});

test('a mail whose time is over before its day comes is not kept until then', async () => {
  await warming({ start: 1 });
  await mails('a', 'pumps.example', 1);
  await mails('b', 'pumps.example', 1, { notAfter: new Date('2026-03-02T12:00:00Z') });
  expect(await delivered()).toEqual(['a0@pumps.example']);
  expect(await waiting()).toEqual({ 'held: warm_up 2026-03-02': 1 });
  await at('2026-03-02T12:00:01Z');
  expect(await delivered()).toEqual([]);
  expect((await ledger.pool.query(`select reason from send where state = 'cancelled'`)).rows).toEqual([{ reason: 'too_late' }]);
});

test('changed rules hold at once for those who wait', async () => {
  await warming({ start: 5 });
  await mails('a', 'pumps.example', 30);
  expect(await delivered()).toHaveLength(5);
  await warming({ start: 15 });
  expect(await delivered()).toHaveLength(10);
  await rules({});
  expect(await delivered()).toHaveLength(15);
});

test('a paused domain lets confirmations through and keeps its marketing', async () => {
  await ledger.pool.query(`insert into sending_domain (domain, paused_at, paused_reason) values ('firm.example', clock(), 'spam')`);
  await mails('n', 'pumps.example', 2);
  await mails('c', 'pumps.example', 2, { class: 'transactional' });
  expect(await delivered()).toEqual([]);
  expect(await delivered({ lane: 'transactional' })).toHaveLength(2);
  expect(await waiting()).toEqual({ 'held: domain_paused 2026-03-03': 2 });
});

test('a domain that is resumed, or rules that are lifted, while mails depart leave nobody behind', async () => {
  for (let round = 0; round < 6; round++) {
    await mails(`r${round}-`, 'pumps.example', 40);
    if (round % 2 === 0) {
      await inTransaction(ledger.pool, (tx) => pauseDomain(tx, 'firm.example', 'spam'));
      await Promise.all([delivered({ workers: 3 }), inTransaction(ledger.pool, (tx) => resumeDomain(tx, 'firm.example'))]);
    } else {
      await warming({ start: 3 });
      await Promise.all([delivered({ workers: 3 }), inTransaction(ledger.pool, (tx) => putDocument(tx, 'deliverability', 'default', {}))]);
    }
    await delivered();
    expect(await waiting()).toEqual({});
  }
});
