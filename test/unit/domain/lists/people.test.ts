import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPeople } from '../../../../domain/lists/people.ts';
import { personOf } from '../../../../domain/lists/person.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('headings in any language, in any order, parted by comma, semicolon or tab', () => {
  for (const [list, person] of [
    ['Email,First name\nMei@Huadong.example,Mei', { email: 'mei@huadong.example', firstName: 'Mei' }],
    ['"Firma";"E-Mail-Adresse"\n"Weiß; Söhne";j@weiss.example', { email: 'j@weiss.example', company: 'Weiß; Söhne' }],
    ['姓名\t邮箱\n林梅\tmei@huadong.example', { email: 'mei@huadong.example' }],
    ['Telefon\n030 901820', { phone: '+4930901820' }],
  ] as const) {
    expect(readPeople(bytes(list), 'DE').listed).toMatchObject([{ row: 2, person }]);
  }
});

test('as spreadsheets save: with a mark, as UTF-16, in Windows’ own letters, with Windows’ line ends', () => {
  const list = 'name;email\r\nJörg Weiß;j@weiss.example\r\n';
  const utf16 = Uint8Array.from([0xff, 0xfe, ...[...list].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8])]);
  const windows = Uint8Array.from([...list].map((letter) => letter.charCodeAt(0)));
  for (const saved of [bytes(`\uFEFF${list}`), utf16, windows]) {
    expect(readPeople(saved, 'DE').listed).toMatchObject([{ row: 2, person: { email: 'j@weiss.example', name: 'Jörg Weiß' } }]);
  }
});

test('a row that names nobody is a fault at its line; the others stand', () => {
  const { listed, faults } = readPeople(
    bytes('email,product,status\n\nkevin@,P-1,x\n,P-2,x\na@b.example,P-3,yes,extra\nc@d.example,P-4,yes\n'),
    'US',
    (h) => h === 'status',
  );
  expect(faults).toEqual([
    { row: 3, reason: 'the email given cannot be used' },
    { row: 4, reason: 'names nobody: it has no email and no phone' },
    { row: 5, reason: 'has 4 cells under 3 headings' },
  ]);
  expect(listed).toMatchObject([{ row: 6, rest: { product: 'P-4' }, kept: ['yes'] }]);
});

test('what is no list is refused, saying where', () => {
  for (const list of ['', 'email', 'email\n\n', 'email\n"a@b.example'])
    expect(() => readPeople(bytes(list), 'US')).toThrow('The list cannot be read');
});

test('every row of a list is either taken or a fault, whatever it says', () => {
  const cell = fc.oneof(fc.string(), fc.emailAddress(), fc.constant(''));
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (rows) => {
      const list = ['"email","note"', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
      const filled = rows.filter((row) => row.some((one) => one.trim() !== '')).length;
      fc.pre(filled > 0);
      const { listed, faults } = readPeople(bytes(list), 'US');
      expect(listed.length + faults.length).toBe(filled);
    }),
    {
      numRuns: 50,
      examples: [
        [
          [
            [' ', ''],
            ['a@a.aa', 'a@a.aa'],
          ],
        ],
      ],
    },
  );
});

test('a person written as JSON is recognised by address or number, or not at all', () => {
  expect(personOf({ email: ' Ana <ANA@aguas.example>', country: 'Spain' }, 'US')).toMatchObject({
    email: 'ana@aguas.example',
    country: 'ES',
  });
  expect(personOf({ phone: '030 901820', country: 'Germany' }, 'US')).toMatchObject({ phone: '+4930901820' });
  expect(personOf({ email: 'kevin@' }, 'US')).toBe('the email or phone given cannot be used');
  expect(personOf({}, 'US')).toMatch('names nobody');
});

test('a list without headings is refused: its first person would be lost', () => {
  expect(() => readPeople(bytes('ann@firm.example,Ann\nbob@firm.example,Bob\n'), 'DE')).toThrow(/first row holds an address/);
});
