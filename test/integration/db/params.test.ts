import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDatabase } from '../../support/database.ts';

test('arrays reach Postgres as they are, and instants come back', async () => {
  const { pool, drop } = await createDatabase();
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((one) => one.replaceAll('\0', '')),
    fc.constantFrom('', 'NULL', 'null', '{}', '"', '\\', 'a,b', ' a ', "it's", '{"a": [1, "\\""]}', '\n', '\v', '\u00a0'),
  );
  const instant = fc.date({ min: new Date('0044-03-15T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(text)),
        fc.array(fc.option(instant)),
        fc.array(fc.double({ noNaN: true })),
        fc.array(fc.option(fc.uuid())),
        async (texts, instants, numbers, ids) => {
          const statement = 'select $1::text[] as texts, $2::timestamptz[] as instants, $3::float8[] as numbers, $4::uuid[] as ids';
          const { rows } = await pool.query(statement, [texts, instants, numbers, ids]);
          expect(rows).toEqual([{ texts, instants, numbers: numbers.map((n) => n + 0), ids }]);
        },
      ),
      { numRuns: 200 },
    );
  } finally {
    await drop();
  }
});
