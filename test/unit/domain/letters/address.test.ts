import { expect, test } from 'vitest';
import { toCsv } from '../../../../domain/csv.ts';
import { postalLines } from '../../../../domain/letters/address.ts';

test.each([
  [
    { name: 'Mei Wang', company: 'Huadong', street: 'Elbchaussee 1\nHaus B', postal_code: 22763, city: 'Hamburg', country: 'DE' },
    {},
    ['Huadong', 'Mei Wang', 'Elbchaussee 1', 'Haus B', '22763 Hamburg'],
  ],
  [
    { first_name: 'Joe', country: 'US' },
    { name: 'Acme', street: '1 Main St', zip: '97201', city: 'Portland', state: 'OR' },
    ['Acme', 'Joe', '1 Main St', 'Portland, OR 97201', 'UNITED STATES'],
  ],
  [
    { last_name: 'Smith', address: '2 High St', town: 'Leeds', postcode: 'LS1 1AA', country: 'GB' },
    {},
    ['Smith', '2 High St', 'Leeds LS1 1AA', 'UNITED KINGDOM'],
  ],
  [{ name: 'X', street: 'Hof 1', city: 'Wien', country: 'AT' }, {}, ['X', 'Hof 1', 'Wien', 'AUSTRIA']],
  [{ name: 'Nowhere', street: 'Hof 1' }, {}, null],
  [{ name: 'Nobody' }, { street: ' ', city: 'Kiel' }, null],
])('%j at %j is written to %j', (lead, account, lines) => {
  expect(postalLines(lead, account, 'DE')).toEqual(lines);
});

test('a list for spreadsheets: quoted where it must be, no cell a formula', () => {
  const rows: Record<string, string>[] = [{ a: '=cmd|calc', b: 'He said "no"' }, { a: '-1', b: 'two\nlines' }, { b: 'plain, but' }];
  // Where cells end with a semicolon, a formula may stand behind one; a space or what has no width hides none.
  const hidden = toCsv(['a', 'b'], [{ a: 'Firm;=cmd|calc;x', b: '\u200b =1' }]);
  expect(hidden).toContain(`\r\nFirm;'=cmd|calc;x,'\u200b =1\r\n`);
  expect(toCsv(['a', 'b'], rows)).toBe(`\uFEFFa,b\r\n'=cmd|calc,"He said ""no"""\r\n'-1,"two\nlines"\r\n,"plain, but"\r\n`);
});
