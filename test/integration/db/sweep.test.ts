import { expect, test } from 'vitest';
import { dueLoops } from '../../../db/sweep.ts';
import { createDatabase } from '../../support/database.ts';

test('an empty workspace has nothing due', async () => {
  const { pool, drop } = await createDatabase();
  expect(await dueLoops(pool)).toEqual([]);
  await drop();
});
