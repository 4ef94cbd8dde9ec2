import { expect, test } from 'vitest';
import { inTransaction } from '../../../db/pool.ts';
import { createDatabase } from '../../support/database.ts';

test('a connection that is ended between two statements of a transaction fails that transaction and nothing else', async () => {
  const { pool, drop } = await createDatabase();
  const broken = inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    // The end arrives while nothing is asked of it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await tx.query('select 1');
  });
  await expect(broken).rejects.toThrow();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await drop();
});
