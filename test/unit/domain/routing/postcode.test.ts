import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inPostcodes, isPostcodeRange, plainPostcode, postcodeRange } from '../../../../domain/routing/postcode.ts';

const digits = (length: number) => fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'));

test('a range holds of a code exactly when one of the beginnings between its ends does', () => {
  fc.assert(
    fc.property(digits(5), digits(2), digits(2), (code, a, b) => {
      const [from, to] = [a, b].toSorted() as [string, string];
      const beginnings = Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => String(Number(from) + i).padStart(2, '0'));
      const whole = postcodeRange(`${from}-${to}`)!;
      expect(inPostcodes(code, whole)).toBe(beginnings.some((one) => inPostcodes(code, postcodeRange(one)!)));
      expect(inPostcodes(code, whole)).toBe(beginnings.some((one) => code.startsWith(one)));
    }),
  );
});

test('codes are compared as people write them', () => {
  expect(plainPostcode(' d-80331 ')).toBe('80331');
  expect(plainPostcode('sw1a 1aa')).toBe('SW1A1AA');
  expect(inPostcodes('SW1A 1AA', postcodeRange('sw1')!)).toBe(true);
  expect(inPostcodes('1050 AB', postcodeRange('1000-1099')!)).toBe(true);
  expect(inPostcodes('8', postcodeRange('80-86')!)).toBe(false);
});

test('ends of different length or out of order are no range', () => {
  expect(['80-9', '86-80', '', '80-82-84', '80*'].filter(isPostcodeRange)).toEqual([]);
});
