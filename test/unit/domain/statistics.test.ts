import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interval, normalQuantile, normalTail, pValue } from '../../../domain/statistics.ts';

test('the figures of the books', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 5);
  expect(normalTail(1.959964)).toBeCloseTo(0.025, 7);
  expect(normalTail(4)).toBeCloseTo(3.167124e-5, 10);
  // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I.
  const wilson = interval({ n: 263, successes: 81 }, 0.95);
  expect([wilson.low, wilson.high].map((one) => one.toFixed(4))).toEqual(['0.2553', '0.3662']);
  expect(interval({ n: 20, successes: 0 }, 0.95)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) });
  expect(pValue({ n: 100, successes: 30 }, { n: 100, successes: 50 })).toBeCloseTo(0.0039, 4);
});

test('quantile and tail are each other’s inverse', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 0.499, noNaN: true }), (p) => {
      expect(normalTail(-normalQuantile(p)) / p).toBeCloseTo(1, 6);
    }),
  );
});

test('an interval holds the share that was seen, and is narrower the more was seen', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
      const successes = Math.floor(n * part);
      const { low, high } = interval({ n, successes }, 0.95);
      expect(low).toBeLessThanOrEqual(successes / n);
      expect(high).toBeGreaterThanOrEqual(successes / n);
      const wider = high - low;
      const narrower = interval({ n: 4 * n, successes: 4 * successes }, 0.95);
      expect(narrower.high - narrower.low).toBeLessThan(wider);
    }),
  );
});

test('with nothing to compare there is no difference', () => {
  expect(pValue({ n: 0, successes: 0 }, { n: 10, successes: 5 })).toBe(1);
  expect(pValue({ n: 10, successes: 0 }, { n: 10, successes: 0 })).toBe(1);
  expect(interval({ n: 0, successes: 0 }, 0.95)).toEqual({ low: 0, high: 1 });
});
