import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { applyVerdicts, pick, recoverExpired, report, settle } from '../../../db/ledger.ts';
import { inTransaction, type Queryable } from '../../../db/pool.ts';
import { queueSends } from '../../../db/sends.ts';
import { GRACE_MS, LEASE_MS, type LedgerRow, move } from '../../../domain/delivery/ledger.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = database.pool;
  return () => database.drop();
});

const outcome = fc.constantFrom('accepted' as const, 'failed' as const, 'retry' as const, 'lane' as const, 'unknown' as const);
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('depart' as const), worker: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), worker: fc.nat(1), outcome }) },
  fc.record({ kind: fc.constant('refuse' as const) }),
  fc.record({ kind: fc.constant('report' as const), outcome: fc.constantFrom('accepted' as const, 'failed' as const) }),
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1_000, GRACE_MS + 1_000, LEASE_MS + 1_000) }),
  },
);

test('the statements make the same moves as the table of moves, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), async (acts) => {
      await pool.query('truncate send cascade');
      await queueSends(pool, [{ sendKey: 'k', class: 'marketing', template: 't' }]);
      const { rows } = await pool.query<{ id: string }>('select id from send');
      const mail = { id: rows[0]!.id, address: 'mei@huadong.example', subject: 's' };
      const tokens: [string, string] = [randomUUID(), randomUUID()];
      let model: LedgerRow = { state: 'queued', token: null, until: null, attempts: 0, departed: false };
      let now = 0;
      for (const one of acts) {
        if (one.kind === 'wait') {
          now += one.ms;
          await pool.query(`update departure set until_real = until_real - make_interval(secs => $1)`, [one.ms / 1000]);
          await recoverExpired(pool, 'marketing');
          model = move(model, { kind: 'expire', now }) ?? model;
        } else if (one.kind === 'depart') {
          const token = randomUUID();
          const next = move(model, { kind: 'depart', token, now });
          expect(await leave(token, mail)).toBe(next ? 1 : 0);
          if (next) tokens[one.worker as 0 | 1] = token;
          model = next ?? model;
        } else if (one.kind === 'refuse') {
          await applyVerdicts(pool, 'marketing', randomUUID(), [{ ...mail, verdict: { as: 'cancelled', reason: 'x' } }]);
          model = move(model, { kind: 'refuse', as: 'cancelled' }) ?? model;
        } else if (one.kind === 'report') {
          await report(pool, [{ sendKey: 'k', outcome: one.outcome, reason: null }]);
          model = move(model, one) ?? model;
        } else {
          const token = tokens[one.worker as 0 | 1];
          await settle(pool, token, [{ id: mail.id, outcome: one.outcome, reason: null, providerId: null, afterMs: 0 }]);
          model = move(model, { kind: 'settle', token, outcome: one.outcome }) ?? model;
        }
        const { rows: stands } = await pool.query(
          `select state, token, attempts, state = 'in_flight' and exists (select from departure d where d.token = send.token) as leased from send`,
        );
        expect(stands).toEqual([{ state: model.state, token: model.token, attempts: model.attempts, leased: model.until !== null }]);
      }
    }),
    { numRuns: 60 },
  );
});

/** Picks and lets go in one transaction, as the delivery does. Answers how many. */
const leave = (token: string, mail: { id: string; address: string; subject: string }) =>
  inTransaction(pool, async (tx) => {
    const picked = await pick(tx, 'marketing', 10);
    await applyVerdicts(
      tx,
      'marketing',
      token,
      picked.map(() => ({ ...mail, verdict: { as: 'go' } })),
    );
    return picked.length;
  });

/** Picks, lets the mails go, and answers their ids. */
const take = (lane: string, limit: number) =>
  inTransaction(pool, async (tx: Queryable) => {
    const ids = (await pick(tx, lane, limit)).map(({ id }) => id);
    await applyVerdicts(
      tx,
      lane,
      randomUUID(),
      ids.map((id) => ({ id, verdict: { as: 'go' }, address: null, subject: null })),
    );
    return ids;
  });

test('two loops on one lane never take the same mail, and the lane’s tokens bound both together', async () => {
  await pool.query('truncate send cascade');
  await queueSends(
    pool,
    Array.from({ length: 300 }, (_, i) => ({ sendKey: `k${i}`, class: 'marketing' as const, template: 't' })),
  );
  const both = (await Promise.all(Array.from({ length: 8 }, () => take('marketing', 50)))).flat();
  expect(new Set(both).size).toBe(both.length);
  await pool.query(`update lane set rate = 20, tokens = 20, refilled_real = now() where key = 'transactional'`);
  await queueSends(
    pool,
    Array.from({ length: 300 }, (_, i) => ({ sendKey: `t${i}`, class: 'transactional' as const, template: 't' })),
  );
  const begun = performance.now();
  const limited = (await Promise.all(Array.from({ length: 8 }, () => take('transactional', 50)))).flat();
  // What the lane held, and what has come to it meanwhile.
  expect(limited.length).toBeGreaterThanOrEqual(20);
  expect(limited.length).toBeLessThanOrEqual(20 + (20 * (performance.now() - begun)) / 1_000);
});

test('the most urgent goes first; what is not due, of a paused campaign, of a held or stopped lane, of a stopped workspace, does not go', async () => {
  await pool.query('truncate send cascade');
  const campaign = randomUUID();
  await pool.query(`insert into campaign (id, key, name, state) values ($1, 'c', 'c', 'paused')`, [campaign]);
  await queueSends(pool, [
    { sendKey: 'low', class: 'internal', template: 't', priority: 10 },
    { sendKey: 'high', class: 'internal', template: 't', priority: 90 },
    { sendKey: 'later', class: 'internal', template: 't', dueAt: new Date(Date.now() + 3_600_000) },
    { sendKey: 'paused', class: 'internal', template: 't', campaignId: campaign },
  ]);
  const keys = async (ids: string[]) =>
    (await pool.query<{ key: string }>('select send_key as key from send where id = any($1)', [ids])).rows.map(({ key }) => key);
  const taken = async (limit: number) => keys(await take('internal', limit));
  for (const [stop, go] of [
    [`update workspace set sending_stopped_at = clock()`, 'update workspace set sending_stopped_at = null'],
    [`update lane set stopped_reason = 'x'`, 'update lane set stopped_reason = null'],
    [`update lane set held_until_real = now() + interval '1 minute'`, 'update lane set held_until_real = null'],
  ]) {
    await pool.query(stop!);
    expect(await taken(10)).toEqual([]);
    await pool.query(go!);
  }
  expect(await taken(1)).toEqual(['high']);
  expect(await taken(10)).toEqual(['low']);
  await pool.query(`update campaign set state = 'live'`);
  expect(await taken(10)).toEqual(['paused']);
});
