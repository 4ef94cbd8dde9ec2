import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { encodeParam, instantOf } from '../../../db/params.ts';

test('an instant is read as the client library reads it, to the millisecond', () => {
  const theirs = pg.types.getTypeParser(1184) as (text: string) => Date;
  const day = fc.date({ min: new Date('0900-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 6 }), (at, micro, places) => {
      const fraction = places === 0 ? '' : `.${String(micro).padStart(6, '0').slice(0, places)}`;
      const text = `${at.toISOString().slice(0, 19).replace('T', ' ')}${fraction}+00`;
      expect((instantOf(text) ?? theirs(text)).getTime(), text).toBe(theirs(text).getTime());
    }),
  );
  for (const other of ['infinity', '-infinity', '2026-11-22 10:20:20+05:30', '0044-03-15 00:00:00+00 BC', '10000-01-01 00:00:00+00'])
    expect(instantOf(other)).toBeNull();
});

test('what is no array of plain values is left to the client library', () => {
  for (const given of ['a', 1, null, new Date(0), Buffer.from('a'), [{ a: 1 }], [['a']], [Buffer.from('a')], [new Date(9e14)]])
    expect(encodeParam(given)).toBe(given);
  expect(encodeParam([])).toBe('{}');
  expect(encodeParam([true, null, 1.5, 'a b', 'null', '', '{"a":"\\"}'])).toBe('{true,NULL,1.5,"a b","null","","{\\"a\\":\\"\\\\\\"}"}');
});
