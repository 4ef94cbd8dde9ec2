import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { encodeParams, instantOf } from '../../../db/params.ts';

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

const encoded = (value: unknown, statement = 'select $1') => encodeParams(statement, [value])[0];

test('what is no array of plain values is left to the client library', () => {
  for (const given of ['a', 1, null, new Date(0), Buffer.from('a'), [{ a: 1 }], [['a']], [Buffer.from('a')], [new Date(9e14)]])
    expect(encoded(given)).toBe(given);
  expect(encoded([])).toBe('{}');
  expect(encoded([true, null, 1.5, 'a b', 'null', '', '{"a":"\\"}'])).toBe('{true,NULL,1.5,"a b","null","","{\\"a\\":\\"\\\\\\"}"}');
});

test('ids and instants travel in binary where the statement says what they are; what is none travels as text, for Postgres to refuse', () => {
  const id = '01a206e1-eea1-7e85-80ae-8203d7bee3db';
  const statement = 'select $1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $12::uuid[]';
  const [ids, instants, texts, wrong] = encodeParams(statement, [[id, null], [new Date(0)], [id], [id, `${id.slice(0, -1)}g`]]);
  expect((ids as Buffer).toString('hex')).toBe(
    ['00000001', '00000001', '00000b86', '00000002', '00000001', '00000010', id.replaceAll('-', ''), 'ffffffff'].join(''),
  );
  expect((instants as Buffer).readBigInt64BE(24)).toBe(-946_684_800_000_000n);
  expect(texts).toBe(`{"${id}"}`);
  expect(wrong).toBe(`{"${id}","${id.slice(0, -1)}g"}`);
  for (const none of [`{${id}}`, id.replaceAll('-', ''), `${id.slice(0, -1)}\u0661`, 7, new Date(0)])
    expect(encoded([none], 'select $1::uuid[]')).toBeTypeOf('string');
  expect(encoded([id], 'select $1::text[], $1::uuid[]')).toBe(`{"${id}"}`);
  for (const none of ['now', Number.NaN, 0]) expect(encoded([none], 'select $1::timestamptz[]')).toBeTypeOf('string');
});
