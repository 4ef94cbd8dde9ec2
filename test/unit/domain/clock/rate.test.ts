import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fastest, parseRate, rateWords } from '../../../../domain/clock/rate.ts';

test('a rate is written as workspace time = real time, or as a factor', () => {
  expect(parseRate('1d=10s')).toBe(8640);
  expect(parseRate(' 1h = 1m ')).toBe(60);
  expect(parseRate('0.5d=1h')).toBe(12);
  expect(parseRate('8640')).toBe(8640);
  expect(parseRate('0')).toBe(0);
});

test('what is no rate is refused', () => {
  for (const text of ['', 'fast', '1d', '1d=', '1d=0s', '-1', '1mo=1s', 'NaN', '1e9', '1000w=1s']) expect(parseRate(text)).toBeNull();
});

test('no text gives a rate outside what the clock can run at', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,12}[smhdw]=\d{1,12}[smhdw]$/)), (text) => {
      const rate = parseRate(text);
      expect(rate === null || (rate >= 0 && rate <= fastest)).toBe(true);
    }),
  );
});

test('the clock says in words how it runs', () => {
  expect(rateWords(0)).toBe('the clock stands still');
  expect(rateWords(1)).toBe('real time');
  expect(rateWords(8640)).toBe('one day passes every ten seconds');
  expect(rateWords(60)).toBe('one hour passes every minute');
  expect(rateWords(129_600)).toBe('one day passes every 666.7 milliseconds');
  expect(rateWords(604_800)).toBe('one week passes every second');
});
