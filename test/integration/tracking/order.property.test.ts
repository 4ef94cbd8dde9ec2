import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTransaction } from '../../../db/pool.ts';
import { storeCalls } from '../../../db/tracking.ts';
import { readBatch } from '../../../domain/tracking/schema.ts';
import { workspace } from '../../support/workspace.ts';
import { eventsOf } from './support.ts';

const start = Date.parse('2026-05-04T09:00:00Z');
const ids = { userId: fc.constantFrom(undefined, 'u1', 'u2', 'u3'), anonymousId: fc.constantFrom('a1', 'a2', 'a3') };
const message = fc.oneof(
  fc.record({ type: fc.constant('track'), event: fc.constantFrom('seen', 'asked'), ...ids }),
  fc.record({
    type: fc.constant('identify'),
    ...ids,
    traits: fc.record({ email: fc.constantFrom('x@one.example', 'y@two.example', undefined), plan: fc.constantFrom('a', 'b') }),
  }),
  fc.record({
    type: fc.constant('group'),
    groupId: fc.constantFrom('g1', 'g2'),
    ...ids,
    traits: fc.record({ website: fc.constantFrom('one.example', undefined), size: fc.nat(5) }),
  }),
  fc.record({ type: fc.constant('alias'), userId: fc.constantFrom('u1', 'u2'), previousId: fc.constantFrom('a3', 'u3') }),
);
const batches = fc
  .array(message, { minLength: 1, maxLength: 12 })
  .map((all) => all.map((one, i) => ({ ...one, messageId: `m${i}`, timestamp: new Date(start - i * 1000).toISOString() })))
  .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));

test('a batch in any order, and twice, gives the same leads and events', async () => {
  const firm = await workspace({ at: '2026-05-04T09:00:00Z' });
  const result = async (...sent: object[][]) => {
    await firm.pool.query('truncate lead, account, event, event_key, visitor_link, lead_identity, score_wake restart identity cascade');
    for (const batch of sent) {
      const calls = readBatch({ batch: structuredClone(batch), sentAt: new Date(start).toISOString() }, new Date());
      await inTransaction(firm.pool, (tx) => storeCalls(tx, calls));
    }
    const { rows: leads } = await firm.pool.query(
      `select l.email, l.attributes, (select domain || ' ' || attributes from account a where a.id = l.account_id) as account,
              array(select kind || ' ' || value from lead_identity i where i.lead_id = l.id order by 1) as identities from lead l order by email`,
    );
    const { rows: links } = await firm.pool.query('select * from visitor_link order by 1, 2');
    return { leads, links, events: await eventsOf(firm.pool) };
  };
  await fc.assert(
    fc.asyncProperty(batches, async ([batch, shuffled]) => {
      const once = await result(batch);
      expect(once.events).toHaveLength(batch.length);
      expect(await result(shuffled)).toEqual(once);
      expect(await result(batch, shuffled)).toEqual(once);
    }),
    { numRuns: 40, interruptAfterTimeLimit: 30_000, endOnFailure: true },
  );
});
