import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile, summary } from '../../../../domain/figures/quantile.ts';

test('the median lies between the two in the middle, the ninetieth of a hundred between the two there', () => {
  expect(summary([4, 1, 3, 2])).toEqual({ n: 4, median: 2.5, p90: 3.7 });
  expect(summary([7])).toEqual({ n: 1, median: 7, p90: 7 });
  expect(summary([])).toEqual({ n: 0, median: null, p90: null });
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
