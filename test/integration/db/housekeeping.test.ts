import { expect, onTestFinished, test } from 'vitest';
import { ensurePartitions, escalateReviews } from '../../../db/housekeeping.ts';
import { createDatabase } from '../../support/database.ts';

test('managers are told once of submissions that nobody looked at in time, in one mail each', async () => {
  const { pool, drop } = await createDatabase();
  onTestFinished(drop);
  await pool.query(
    `insert into submission (form_key, provider, raw, state, reason, review_due_at)
     select 'website', 'json', '{}', 'review', 'no address', clock() + n * interval '1 hour' from generate_series(-3, 1) n`,
  );
  expect(await escalateReviews(pool)).toEqual([]);

  await pool.query(
    `insert into rep (key, name, email, manager) values ('eva', 'Eva', 'eva@firm.example', true), ('ana', 'Ana', 'ana@firm.example', false)`,
  );
  expect(await escalateReviews(pool)).toEqual(['internal']);
  expect(await escalateReviews(pool)).toEqual([]);
  const { rows } = await pool.query(`select r.key, s.template, s.params ->> 'count' as count from send s join rep r on r.id = s.rep_id`);
  expect(rows).toEqual([{ key: 'eva', template: 'internal-review-overdue', count: '4' }]);
});

test('partitions are there for the months that a jumped clock comes to', async () => {
  const { pool, drop } = await createDatabase();
  onTestFinished(drop);
  await pool.query(`update workspace set clock_anchor_at = '2031-05-10', clock_anchor_real = now(), clock_rate = 0`);
  await ensurePartitions(pool);
  await ensurePartitions(pool);
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relname ~ '^(event|journal)_2031' and relkind = 'r' order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(
    ['event', 'journal'].flatMap((parent) => ['04', '05', '06', '07', '08', '09'].map((month) => `${parent}_2031${month}`)),
  );
});
