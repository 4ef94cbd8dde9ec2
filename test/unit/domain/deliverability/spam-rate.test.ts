import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliverabilityDocument } from '../../../../domain/deliverability/document.ts';
import { judgeSpam, type SpamVerdict } from '../../../../domain/deliverability/spam-rate.ts';

const { spam } = deliverabilityDocument.parse({});
const judged = (complaints: number, delivered: number): SpamVerdict => judgeSpam({ complaints, delivered }, spam);

test('one of a thousand warns, three of a thousand pause, a handful of mails says nothing', () => {
  expect(judged(1, 50)).toBe('fine');
  expect(judged(4, 400)).toBe('warn');
  expect(judged(3, 3_000)).toBe('warn');
  expect(judged(3, 3_100)).toBe('fine');
  expect(judged(5, 1_600)).toBe('pause');
  expect(judged(30, 10_000)).toBe('pause');
  expect(judged(29, 10_000)).toBe('warn');
  expect(judged(5, 0)).toBe('pause');
  expect(judged(0, 0)).toBe('fine');
});

test('another complaint never makes it better, another delivered mail never worse', () => {
  const grave = { fine: 0, warn: 1, pause: 2 };
  fc.assert(
    fc.property(fc.nat(60), fc.nat(20_000), fc.integer({ min: 1, max: 40 }), (complaints, delivered, atLeast) => {
      const of = (c: number, d: number) => grave[judgeSpam({ complaints: c, delivered: d }, { ...spam, atLeast })];
      expect(of(complaints + 1, delivered)).toBeGreaterThanOrEqual(of(complaints, delivered));
      expect(of(complaints, delivered + 1)).toBeLessThanOrEqual(of(complaints, delivered));
    }),
  );
});
