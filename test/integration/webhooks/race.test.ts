import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { settledUntil } from '../../../db/webhook-feed.ts';
import { feedOnce, listen, LOCAL } from '../../support/webhooks.ts';
import { workspace } from '../../support/workspace.ts';

const random = (seed: number) => () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;

test('whatever order transactions commit in, each thing that happened is told, once; what was rolled back never', async () => {
  const firm = await workspace({ env: { ...LOCAL, DATABASE_POOL_API: '12' } });
  const { pool } = firm;
  const { rows } = await pool.query<{ id: string }>(`insert into lead (email) values ('mei@huadong.example') returning id`);
  const leadId = rows[0]!.id;
  const { id: endpoint } = await listen(firm, 'https://crm.example/hook', ['event.*', 'lead.tracking_off']);
  const next = random(4711);
  const committed = new Set<string>();

  // Some sleep between the making of an id and the first write, some before the commit, some give up.
  async function writer(nth: number): Promise<void> {
    for (let i = 0; i < 6; i++) {
      const tx = await pool.connect();
      const [before, within, after] = [next() * 0.02, next() < 0.3 ? next() * 0.3 : 0, next() < 0.25 ? 1_300 : next() * 50];
      const keep = next() < 0.9;
      try {
        await tx.query('begin');
        await tx.query('select pg_sleep($1)', [before]);
        const sql =
          nth % 2 === 0
            ? `with given as materialized (select uuidv7() as id, pg_sleep($2) from generate_series(1, 3)) insert into event (id, lead_id, name, source) select id, $1, 'made', 'test' from given returning id`
            : `with given as materialized (select uuidv7() as id, pg_sleep($2) from generate_series(1, 3)) insert into journal (id, kind, lead_id) select id, 'tracking_off', $1 from given returning id`;
        const made = await tx.query<{ id: string }>(sql, [leadId, within / 3]);
        await pause(after);
        await tx.query(keep ? 'commit' : 'rollback');
        if (keep) for (const one of made.rows) committed.add(`msg_${one.id.replaceAll('-', '')}${nth % 2 === 0 ? 'e' : 'j'}`);
      } finally {
        tx.release();
      }
    }
  }

  const state = { writing: true };
  const writers = Promise.all([0, 1, 2, 3].map(writer)).finally(() => (state.writing = false));
  while (state.writing) {
    await feedOnce(firm);
    await pause(15);
  }
  await writers;
  await feedOnce(firm);

  const told = await pool.query<{ id: string }>('select message_id as id from webhook_delivery where endpoint_id = $1', [endpoint]);
  expect(told.rows.map(({ id }) => id).toSorted()).toEqual([...committed].toSorted());
  expect(committed.size).toBeGreaterThan(30);
});

test('nobody is said to have heard what a transaction under way may still bring; a long report holds nobody up', async () => {
  const firm = await workspace({ env: LOCAL });
  const began = Date.now();
  const tx = await firm.pool.connect();
  await tx.query('begin');
  await tx.query(`insert into lead (email) values ('slow@acme.example')`);
  await pause(50);
  expect((await settledUntil(firm.pool)).untilMs).toBeLessThan(began + 50);
  await tx.query('commit');

  const reporting = Date.now();
  await tx.query('begin; select count(*) from lead');
  await pause(50);
  expect((await settledUntil(firm.pool)).untilMs).toBeGreaterThan(reporting + 10);
  await tx.query('commit');
  tx.release();
});
