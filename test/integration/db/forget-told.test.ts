import { expect, onTestFinished, test } from 'vitest';
import { forgetTold } from '../../../db/forget-told.ts';
import { createDatabase } from '../../support/database.ts';

test('what was told of mails is kept for its days, and no longer', async () => {
  const { pool, drop } = await createDatabase();
  onTestFinished(drop);
  await pool.query(
    `insert into delivery_event (key, source, kind, address, told_real, seen_real)
     select 'k' || n, 'sendgrid', 'delivered', 'a@x.example', now(), now() - make_interval(days => n, hours => -12) from generate_series(1, 60) n`,
  );
  expect(await forgetTold(pool, 31)).toBe(29);
  expect(await forgetTold(pool, 31)).toBe(0);
  expect((await pool.query('select from delivery_event')).rowCount).toBe(31);
});
