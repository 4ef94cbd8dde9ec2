import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asksToLeave, saidIn } from '../../../../domain/inbound/said.ts';

test.each([
  ['Hello\n\nOn Mon, Apr 2, 2012 at 6:26 PM, Megan One <megan@example.org> wrote:\n\n> Hi\n', 'Hello'],
  ['Ja, gerne.\n\nAm Mo., 2. März 2026 um 10:00 Uhr schrieb Firma <hello@firm.example>:\n\n> Hallo\n', 'Ja, gerne.'],
  [
    'Rufen Sie an.\r\n\r\nVon: Firma <hello@firm.example>\r\nGesendet: Montag, 2. März 2026 10:00\r\nAn: Mei\r\nBetreff: Hallo\r\n\r\nAlles',
    'Rufen Sie an.',
  ],
  ['Merci !\n\n-----Message d’origine-----\nDe : Firma\nBonjour', 'Merci !'],
  ['请报价\n\n-----原始邮件-----\n发件人: Firm\n你好', '请报价'],
  ['> only quoted', '> only quoted'],
  ['', ''],
])('%j says %j', (text, said) => {
  expect(saidIn(text)).toBe(said);
});

test.each([
  ['unsubscribe', ''],
  ['  STOP! ', ''],
  ['Please unsubscribe me.', ''],
  ['Bitte abmelden', ''],
  ['Désabonner', ''],
  ['baja', ''],
  ['退订', ''],
  ['', 'Unsubscribe'],
])('%j (subject %j) asks to be left alone', (said, subject) => {
  expect(asksToLeave(said, subject)).toBe(true);
});

test.each([
  ['Please do not unsubscribe me', ''],
  ['Stop by our office when you are in town', ''],
  ['How do I unsubscribe?', ''],
  ['', 'Re: Welcome'],
  ['Yes', 'unsubscribe'],
])('%j (subject %j) asks for something else', (said, subject) => {
  expect(asksToLeave(said, subject)).toBe(false);
});

test('what was said is never more than what was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(saidIn(text).length).toBeLessThanOrEqual(text.length);
      asksToLeave(text, text);
    }),
  );
});
