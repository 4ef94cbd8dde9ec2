import { expect, test } from 'vitest';
import { pick, recoverExpired, settle } from '../../../db/ledger.ts';
import { readLanes, resumeLane } from '../../../db/lanes.ts';
import { queueSends } from '../../../db/sends.ts';
import type { Outcome, Transport } from '../../../messaging/transports/transport.ts';
import { deliveryOver, emptyLedger, interrupted, leadWithMail, ledgerOf, notingTransport } from '../../support/delivery.ts';

const database = emptyLedger();

const lane = { lane: 'marketing' };
const always = (outcome: Outcome) => notingTransport(() => outcome);

test('refused credentials stop the lane with the reason; nothing is lost, and resuming sends it all', async () => {
  const { pool } = database;
  for (const n of [1, 2, 3]) await leadWithMail(pool, `${n}@x.example`);
  const delivery = await deliveryOver(pool, { transport: always({ kind: 'stopped', reason: '535 bad credentials' }).transport });
  expect(await delivery.deliver(lane)).toEqual({ sleepMs: null });
  expect((await readLanes(pool)).find(({ key }) => key === 'marketing')).toMatchObject({ stoppedReason: '535 bad credentials' });
  expect(new Set(Object.values(await ledgerOf(pool)).map((stands) => stands.split(':')[0]))).toEqual(new Set(['queued']));
  await resumeLane(pool, 'marketing');
  const { transport, sent } = notingTransport();
  await (await deliveryOver(pool, { transport })).deliver(lane);
  expect(sent.length).toBe(3);
});

const refused: Outcome[] = [
  { kind: 'stopped', reason: '535 bad credentials' },
  { kind: 'retry', reason: 'connection refused', lane: true, afterMs: 20_000 },
];
test.each(refused)(
  'a batch that left before its lane was resumed does not halt it again ($kind): it was refused what has been mended',
  async (outcome) => {
    const { pool } = database;
    await leadWithMail(pool, 'a@x.example');
    let asked = 0;
    const { transport, sent } = notingTransport(async () => {
      if (asked++ > 0) return { kind: 'accepted', providerId: null };
      await resumeLane(pool, 'marketing');
      return outcome;
    });
    await (await deliveryOver(pool, { transport })).deliver(lane);
    expect(sent.length).toBe(2);
    expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'accepted' });
  },
);

test('a server that is away holds the lane and costs no attempt', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example');
  const { transport, sent } = always({ kind: 'retry', reason: 'connection refused', lane: true, afterMs: 20_000 });
  const look = await (await deliveryOver(pool, { transport })).deliver(lane);
  expect((look as { sleepMs: number }).sleepMs).toBeGreaterThan(15_000);
  expect(sent.length).toBe(1);
  expect((await pool.query('select state, attempts, reason from send')).rows).toEqual([
    { state: 'queued', attempts: 0, reason: 'connection refused' },
  ]);
});

test('a batch that comes back unsent left in no time, and still the next is no larger: fewer are under way when a worker dies', async () => {
  const { pool } = database;
  const leadId = await leadWithMail(pool, 'a@x.example');
  const mails = Array.from({ length: 300 }, (_, n) => ({ sendKey: `mail/${n}`, class: 'marketing' as const, topic: 'news', leadId }));
  await queueSends(
    pool,
    mails.map((mail) => ({ ...mail, template: 'form-confirmation' })),
  );
  const batches: number[] = [];
  const send: Transport['send'] = async (messages) => {
    const outcome: Outcome =
      batches.push(messages.length) === 1
        ? { kind: 'retry', reason: '429', lane: true, afterMs: 0 }
        : { kind: 'accepted', providerId: null };
    return messages.map(() => outcome);
  };
  await (await deliveryOver(pool, { transport: { send, close: async () => {} } })).deliver(lane);
  expect(batches.slice(0, 2)).toEqual([100, 100]);
  expect((await pool.query('select distinct state from send')).rows).toEqual([{ state: 'accepted' }]);
});

test('refused for now: again after half a minute', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example');
  const { transport } = always({ kind: 'retry', reason: '450 greylisted', lane: false, afterMs: null });
  const look = await (await deliveryOver(pool, { transport })).deliver(lane);
  expect((look as { sleepMs: number }).sleepMs).toBeGreaterThan(25_000);
  expect((await pool.query('select state, attempts from send')).rows).toEqual([{ state: 'queued', attempts: 1 }]);
});

test('an address that is not there is never mailed again, not even a confirmation', async () => {
  const { pool } = database;
  const leadId = await leadWithMail(pool, 'gone@x.example');
  await (await deliveryOver(pool, { transport: always({ kind: 'failed', reason: '550 5.1.1', dead: true }).transport })).deliver(lane);
  await queueSends(pool, [{ sendKey: 'confirm', class: 'transactional', leadId, template: 'form-confirmation' }]);
  await (await deliveryOver(pool)).deliver({ lane: 'transactional' });
  expect(await ledgerOf(pool)).toEqual({ confirm: 'suppressed: address_dead', 'to/gone@x.example/1': 'failed: address_dead' });
});

test('an unknown mail is not sent again, wakes nobody, and is settled when the answer comes', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example');
  const { transport, sent } = always({ kind: 'unknown', reason: 'no answer' });
  const delivery = await deliveryOver(pool, { transport });
  await delivery.deliver(lane);
  await delivery.deliver(lane);
  expect(sent.length).toBe(1);
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'unknown: no answer' });
  const { rows } = await pool.query<{ id: string; token: string }>('select id, token from send');
  await settle(pool, rows[0]!.token, [{ id: rows[0]!.id, outcome: 'accepted', reason: null, providerId: null, afterMs: null }]);
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'accepted' });
});

test('two loops on one lane: each mail once', async () => {
  const { pool } = database;
  for (let n = 0; n < 120; n++) await leadWithMail(pool, `${n}@x.example`);
  const { transport, sent } = notingTransport();
  const loops = await Promise.all([deliveryOver(pool, { transport }), deliveryOver(pool, { transport })]);
  await Promise.all(loops.map(({ deliver }) => deliver(lane)));
  expect(sent.length).toBe(120);
  expect(new Set(sent.map(({ sendKey }) => sendKey)).size).toBe(120);
  expect(new Set(Object.values(await ledgerOf(pool)))).toEqual(new Set(['accepted']));
});

/** A worker that is killed leaves its rows as they stood; time passes and another comes. */
async function afterKill(): Promise<{ sent: number; ledger: Record<string, string> }> {
  const { pool } = database;
  await pool.query(`update departure set until_real = now() - interval '10 minutes'`);
  const { transport, sent } = notingTransport();
  await (await deliveryOver(pool, { transport })).deliver(lane);
  return { sent: sent.length, ledger: await ledgerOf(pool) };
}

test('killed before the socket: another sends it', async () => {
  await leadWithMail(database.pool, 'a@x.example');
  const tx = await database.pool.connect();
  await tx.query('begin');
  expect((await pick(tx, 'marketing', 10)).length).toBe(1);
  tx.release(true);
  expect(await afterKill()).toEqual({ sent: 1, ledger: { 'to/a@x.example/1': 'accepted' } });
});

test('killed between the last look and the answer: unknown, and nobody sends it again', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example');
  const { transport } = notingTransport(() => Promise.reject(new Error('killed')));
  await expect((await deliveryOver(pool, { transport })).deliver(lane)).rejects.toThrow('killed');
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'in_flight' });
  expect(await afterKill()).toEqual({ sent: 0, ledger: { 'to/a@x.example/1': 'unknown: no_answer' } });
});

test('frozen before the last look and thawed when another has long sent it: the zombie sends nothing', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example');
  const zombie = notingTransport();
  let thaw = () => {};
  const frozen = new Promise<void>((resolve) => (thaw = resolve));
  let begun = () => {};
  const reached = new Promise<void>((resolve) => (begun = resolve));
  const freeze = () => {
    begun();
    return frozen;
  };
  const stopped = await deliveryOver(pool, { transport: zombie.transport, pool: interrupted(pool, freeze) });
  const delivering = stopped.deliver(lane);
  await reached;
  expect(await afterKill()).toEqual({ sent: 1, ledger: { 'to/a@x.example/1': 'accepted' } });
  thaw();
  await delivering;
  expect(zombie.sent).toEqual([]);
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'accepted' });
});

test('frozen at the socket and thawed when its mail is unknown: it sends that one mail and settles it', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example');
  const { transport } = notingTransport(async () => {
    await pool.query(`update departure set until_real = now() - interval '10 minutes'`);
    await recoverExpired(pool, 'marketing');
    expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'unknown: no_answer' });
    return { kind: 'accepted', providerId: null };
  });
  await (await deliveryOver(pool, { transport })).deliver(lane);
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'accepted' });
});
