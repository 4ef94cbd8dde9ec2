import { expect, test, vi } from 'vitest';
import { inTransaction } from '../../../db/pool.ts';
import { storeCalls } from '../../../db/tracking.ts';
import { readBatch } from '../../../domain/tracking/schema.ts';
import { workspace } from '../../support/workspace.ts';
import { basic, eventsOf } from './support.ts';

test('a visitor is recognised while their visits still come in: none stays without its lead', async () => {
  const firm = await workspace();
  const headers = basic(await firm.newKey('ingest'));
  const visits = Array.from(
    { length: 30 },
    (_, i) => () => firm.anyone.post('/v1/page', { anonymousId: 'a1', messageId: `p${i}` }, headers),
  );
  const says = () =>
    firm.anyone.post('/v1/identify', { anonymousId: 'a1', userId: 'u1', traits: { email: 'mei@huadong.example' } }, headers);
  const answers = await Promise.all([...visits.slice(0, 15), says, says, ...visits.slice(15)].map((send) => send()));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const events = await eventsOf(firm.pool);
  expect(events).toHaveLength(32);
  expect(events.filter(({ email }) => email === null)).toEqual([]);
  expect((await firm.pool.query('select from lead')).rowCount).toBe(1);
});

test('the same batch from twenty retries at once is stored once', async () => {
  const firm = await workspace();
  const headers = basic(await firm.newKey('ingest'));
  const batch = Array.from({ length: 20 }, (_, i) => ({
    type: 'identify',
    messageId: `m${i}`,
    userId: `u${i % 5}`,
    traits: { email: `p${i % 5}@firm.example` },
  }));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => firm.anyone.post('/v1/batch', { batch: i % 2 ? batch : batch.toReversed() }, headers)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await eventsOf(firm.pool)).toHaveLength(20);
  expect((await firm.pool.query('select from lead')).rowCount).toBe(5);
  expect((await firm.pool.query('select from account')).rowCount).toBe(1);
});

test('a batch of two thousand takes as many statements as one of two', async () => {
  const firm = await workspace();
  const statements = async (size: number) => {
    const calls = readBatch(
      {
        batch: Array.from({ length: size }, (_, i) => [
          { type: 'page', messageId: `${size}-p${i}`, anonymousId: `${size}-a${i}` },
          {
            type: 'identify',
            messageId: `${size}-i${i}`,
            anonymousId: `${size}-a${i}`,
            userId: `${size}-u${i}`,
            traits: { email: `p${i}-of-${size}@firm-${i % 50}.example` },
          },
          { type: 'group', messageId: `${size}-g${i}`, userId: `${size}-u${i}`, groupId: 'g', traits: { size: i } },
        ]).flat(),
      },
      new Date(),
    );
    return inTransaction(firm.pool, async (tx) => {
      const query = vi.spyOn(tx, 'query');
      await storeCalls(tx, calls);
      const count = query.mock.calls.length;
      query.mockRestore();
      return count;
    });
  };
  const few = await statements(2);
  expect(await statements(700)).toBeLessThanOrEqual(few);
  expect(few).toBeLessThan(25);
  expect((await firm.pool.query('select from lead')).rowCount).toBe(702);
});
