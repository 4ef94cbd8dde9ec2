import fc from 'fast-check';
import { expect, test } from 'vitest';
import { returnDate } from '../../../../domain/inbound/return-date.ts';

/** A Thursday. */
const sent = new Date('2026-07-09T08:00:00Z');

test.each([
  ['I am out of the office until July 20 and will answer then.', '2026-07-20'],
  ['I will be travelling on July 10-31. You reach my colleague on +49 30 123456.', '2026-07-31'],
  ['Out from 10 July to 24 July 2026, back on the 27th of July.', '2026-07-27'],
  ['I will return on 03 August 2026.', '2026-08-03'],
  ['Back in the office on Monday.', '2026-07-13'],
  ['I am on leave until 2026-08-01.', '2026-08-01'],
  ['Ich bin vom 10.07. bis einschließlich 24.07.2026 nicht im Büro.', '2026-07-24'],
  ['Ich bin ab dem 3. August wieder erreichbar, bis dahin vertritt mich Herr Müller (seit 1. Juli).', '2026-08-03'],
  ['Bin bis Freitag im Urlaub.', '2026-07-10'],
  ['Je suis absente du 13 au 31 juillet inclus, de retour le 3 août.', '2026-08-03'],
  ['Estaré fuera de la oficina hasta el 15 de agosto de 2026.', '2026-08-15'],
  ['Sono in ferie fino al 22 agosto. Rientro lunedì 24 agosto.', '2026-08-24'],
  ['Ik ben afwezig van 13 juli tot en met 31 juli.', '2026-07-31'],
  ['Jestem na urlopie do 24 lipca 2026. Wracam 27 lipca.', '2026-07-27'],
  ['Estarei de férias até 31 de julho, volto em 3 de agosto.', '2026-08-03'],
  ['我将于7月13日至7月31日休假，8月3日返回办公室。', '2026-08-03'],
  ['外出至2026年8月1日', '2026-08-01'],
  ['Hasta el 05/08/2026 no estaré.', '2026-08-05'],
  ['Away until 25/07.', '2026-07-25'],
  // In January, so of the next year.
  ['Back on 4 January.', '2027-01-04'],
])('%s', (text, date) => {
  expect(returnDate(text, sent)).toBe(date);
});

test.each([
  ['nothing said', 'I am out of the office with limited access to email.'],
  ['which of the two is the month?', 'Away until 05/08.'],
  ['long past', 'I was away until 3 March 2019.'],
  ['no such day', 'Back on February 30.'],
  ['only a beginning', 'On leave from July 10.'],
  ['a time, a number', 'Office hours 10:30, call 2026 or 10-12.'],
])('no date where none is certain: %s', (_, text) => {
  expect(returnDate(text, sent)).toBeNull();
});

test('whatever it says, a date is a real one, not past and not more than a year away', () => {
  const word = fc.constantFrom(
    'back',
    'until',
    'bis',
    'au',
    '31',
    '2',
    '.',
    '/',
    '-',
    'July',
    'mai',
    '月',
    '日',
    '2026',
    '99',
    'Monday',
    ' ',
    '\n',
    '\0',
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 40 }),
      fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
      (words, at) => {
        const found = returnDate(words.join(' '), at);
        if (found === null) return;
        const away = Date.parse(found) - at.getTime();
        expect(new Date(Date.parse(found)).toISOString().slice(0, 10)).toBe(found);
        expect(away).toBeGreaterThan(-2 * 86_400_000);
        expect(away).toBeLessThan(367 * 86_400_000);
      },
    ),
  );
});
