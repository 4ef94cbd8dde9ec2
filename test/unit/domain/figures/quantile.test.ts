import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../../../domain/figures/quantile.ts';

test('the median lies between the two in the middle, the ninetieth of a hundred between the two there', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4], 0.9)).toBeCloseTo(3.7, 12);
  expect(quantile([7], 0.9)).toBe(7);
});

test('property: a quantile never leaves the numbers, rises with the share, and a share of them lies below it', () => {
  const numbers = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 50 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(numbers, share, share, (values, one, other) => {
      const sorted = values.toSorted((a, b) => a - b);
      const [p, q] = [Math.min(one, other), Math.max(one, other)];
      expect(quantile(sorted, p)).toBeLessThanOrEqual(quantile(sorted, q) + 1e-6);
      expect(quantile(sorted, 0)).toBe(sorted[0]);
      expect(quantile(sorted, 1)).toBe(sorted.at(-1));
      const below = sorted.filter((value) => value < quantile(sorted, q) - 1e-6).length;
      expect(below).toBeLessThanOrEqual((sorted.length - 1) * q + 1 + 1e-9);
    }),
  );
});
