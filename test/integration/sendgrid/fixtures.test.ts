import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { readEvents } from '../../../messaging/sendgrid/events.ts';
import { randomOf } from '../../support/chaos.ts';
import { type FakeSendgrid, type SendgridEvent, sendgridEnv, startFakeSendgrid } from '../../support/fake-sendgrid.ts';
import { effectsOf, tell } from '../../support/sendgrid-events.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const SHARED = new URL('../../../../shared/fixtures/sendgrid/', import.meta.url);
const OWN = new URL('../../fixtures/sendgrid/', import.meta.url);
const there = existsSync(SHARED);
if (!there) console.warn(`skipped: SendGrid's documented events are not at ${SHARED.pathname}`);

const eventsIn = (folder: URL, ...names: string[]): SendgridEvent[] =>
  names.flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as SendgridEvent[]);
const documented = there ? eventsIn(SHARED, 'event-webhook.json', 'event-webhook-variants.json') : [];
const own = eventsIn(OWN, 'a-day.json');

let fake: FakeSendgrid;
beforeAll(async () => {
  fake = await startFakeSendgrid();
  return () => fake.close();
});

/** A firm that knows the people these events are about. */
async function firmKnowing(events: readonly SendgridEvent[]): Promise<Workspace> {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', env: sendgridEnv(fake) });
  const emails = [...new Set(events.map(({ email }) => email))];
  await firm.pool.query('insert into lead (email) select unnest($1::text[])', [emails]);
  await firm.pool.query(
    `insert into send (send_key, class, lane, lead_id, topic, template, state, unknown_at, in_flight_at, address)
     select k, 'marketing', 'marketing', l.id, 'news', 'form-confirmation', 'unknown', clock(), clock(), l.email
       from unnest($1::text[], $2::text[]) as n (k, email) join lead l on l.email = n.email`,
    [keysOf(events).map(([key]) => key), keysOf(events).map(([, email]) => email)],
  );
  return firm;
}

const keysOf = (events: readonly SendgridEvent[]): [string, string][] => [
  ...new Map(events.flatMap(({ tendril_send: key, email }) => (typeof key === 'string' ? [[key, email] as const] : []))),
];

/** Told as it came, once, in one batch; and told twice, shuffled, in batches of a few. */
async function bothWays(events: readonly SendgridEvent[], seed: number): Promise<[Record<string, unknown>, Record<string, unknown>]> {
  const inOrder = await firmKnowing(events);
  await tell(inOrder, fake, ...events);
  const random = randomOf(seed);
  const twice = [...events, ...events].map((event) => ({ event, at: random() })).toSorted((a, b) => a.at - b.at);
  const shuffled = await firmKnowing(events);
  while (twice.length > 0) await tell(shuffled, fake, ...twice.splice(0, 1 + Math.floor(random() * 6)).map(({ event }) => event));
  return [await effectsOf(inOrder), await effectsOf(shuffled)];
}

const seed = Math.floor(Math.random() * 1_000_000);

test.skipIf(!there)(`every documented event has its effect, told once or twice, in order or shuffled (seed ${seed})`, async () => {
  const [inOrder, shuffled] = await bothWays(documented, seed);
  expect(shuffled).toEqual(inOrder);
  expect(inOrder['suppressed']).toEqual([
    ['example@test.com', 'bounce', 'all', 'sendgrid'],
    ['example@test.com', 'complaint', 'all', 'sendgrid'],
    ['example@test.com', 'unsubscribe', 'marketing', 'sendgrid'],
  ]);
  expect(inOrder['alerts']).toEqual([['complaint', '', 1]]);
  expect((inOrder['events'] as [string, string, { permanent?: boolean }][]).map(([, name, { permanent }]) => [name, permanent])).toEqual([
    ['email_bounced', false],
    ['email_bounced', true],
    ['email_complained', undefined],
  ]);
  expect((inOrder['told'] as unknown[]).length).toBe(documented.length);
});

test.skipIf(!there)('each of them is read as what it is', () => {
  const told = readEvents(documented, Date.now());
  expect(told.map(({ kind }) => kind).join(' ')).toBe(
    'processed deferred delivered opened clicked bounced blocked dropped complained unsubscribed group_unsubscribed group_resubscribed ' +
      'opened opened clicked processed opened processed processed delivered processed clicked',
  );
  expect(told.filter(({ machine }) => machine)).toEqual([]);
  expect(new Date(told[16]!.atMs).toISOString()).toBe('2020-06-09T18:19:12.372Z');
});

test(`a day of our own mail: settled, barred, left and come back, told in any order (seed ${seed})`, async () => {
  const [inOrder, shuffled] = await bothWays(own, seed);
  expect(shuffled).toEqual(inOrder);
  expect(inOrder['sends']).toEqual(
    keysOf(own)
      .map(([key]) => key)
      .toSorted()
      .map((key) => [key, 'accepted', null]),
  );
  expect(inOrder['suppressed']).toEqual([
    ['full@harbor.example', 'bounce', 'all', 'soft-bounces'],
    ['gone@harbor.example', 'bounce', 'all', 'sendgrid'],
    ['out@harbor.example', 'unsubscribe', 'marketing', 'sendgrid'],
    ['spam@harbor.example', 'complaint', 'all', 'sendgrid'],
  ]);
  expect(inOrder['consents']).toEqual([
    ['leaver@harbor.example', 'news', false],
    ['out@harbor.example', 'news', false],
    ['returner@harbor.example', 'news', true],
  ]);
});

test('SendGrid’s own example of a full mailbox is a block, whatever its status says', () => {
  const vector = { email: 'a@x.example', event: 'bounce', type: 'blocked', status: '5.2.2', reason: '552 5.2.2 over quota and inactive' };
  expect(readEvents([vector], 0)[0]!.kind).toBe('blocked');
});
