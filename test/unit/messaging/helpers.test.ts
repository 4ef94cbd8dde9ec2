import { expect, test } from 'vitest';
import { compile, MissingVariable } from '../../../messaging/handlebars.ts';

const say = (source: string, view: object = {}, language?: string) =>
  compile(source, { escape: false, ...(language && { language }) })(view, (_, url) => url).replaceAll(/[\u00a0\u202f]/g, ' ');

test.each([
  ["{{date at 'Europe/Berlin'}}", undefined, 'Thursday, 5 March 2026 at 10:00'],
  ['{{date at}}', undefined, 'Thursday, 5 March 2026 at 18:00'],
  ["{{date at 'Europe/Berlin' as='time'}}", 'de', '10:00'],
  ["{{date day as='long'}}", 'de', '5. März 2026'],
  ['{{date day}}', 'fr', 'jeudi 5 mars 2026'],
  ['{{number flow digits=1}}', 'de', '1.234,5'],
  ['{{number flow}}', 'en', '1,234.5'],
  ["{{money price 'EUR'}}", 'de', '19,90 €'],
  ["{{money price 'jpy'}}", 'en', '¥20'],
  ["{{plural one one='# pump' other='# pumps'}}", 'en', '1 pump'],
  ["{{plural none is0='no pumps' other='# pumps'}}", 'en', 'no pumps'],
  ["{{plural few one='# насос' few='# насоса' many='# насосов' other='# насоса'}}", 'ru', '3 насоса'],
  ["{{plural many other='# pumps'}}", 'en', '12,000 pumps'],
  ["{{default owner.name 'us'}}{{default params.card.name 'nobody'}}", undefined, 'usnobody'],
])('%s in %s is %s', (source, language, said) => {
  const view = {
    at: '2026-03-05T09:00:00Z',
    day: '2026-03-05',
    flow: 1234.5,
    price: 19.9,
    one: 1,
    none: 0,
    few: 3,
    many: '12000',
    params: {},
    lead: { timezone: 'Asia/Tokyo' },
  };
  expect(say(source, view, language)).toBe(said);
});

test.each([
  ['{{date x}}', "'undefined' is not a date"],
  ["{{date '2026-03-05' as='fancy'}}", "not written as 'fancy'"],
  ['{{number x}}', "'undefined' is not a number"],
  ["{{money 1 'euros'}}", "'euros' is not a currency"],
  ["{{plural 1 many='x'}}", "at least other='…'"],
])('%s says what is wrong', (source, reason) => {
  expect(() => say(source)).toThrow(reason);
});

test('a variable without a value is named', () => {
  expect(() => say('{{lead.first_name}}', { lead: {} })).toThrow(MissingVariable);
});
