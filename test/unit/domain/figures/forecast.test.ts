import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Deal, FORECAST_CONFIDENCE, forecast, restOf } from '../../../../domain/figures/forecast.ts';

const deal = fc.record({ amount: fc.integer({ min: 1, max: 1_000_000 }), probability: fc.double({ min: 0, max: 1, noNaN: true }) });

/** Every way in which these deals may end: what comes of it and how likely that is. */
function endings(deals: readonly Deal[]): { sum: number; chance: number }[] {
  return deals.reduce(
    (all, { amount, probability: p }) =>
      all.flatMap(({ sum, chance }) => [
        { sum, chance: chance * (1 - p) },
        { sum: sum + amount, chance: chance * p },
      ]),
    [{ sum: 0, chance: 1 }],
  );
}

test('a deal of 100 that is won every other time may bring nothing or all; ten of them rarely fewer than three or more than seven', () => {
  expect(forecast([{ amount: 100, probability: 0.5 }])).toEqual({ total: 100, expected: 50, low: 0, high: 100 });
  const ten = forecast(Array.from({ length: 10 }, () => ({ amount: 100, probability: 0.5 })));
  expect(ten).toMatchObject({ total: 1_000, expected: 500 });
  expect(ten.low).toBeCloseTo(300, -1);
  expect(ten.high).toBeCloseTo(700, -1);
  expect(forecast([])).toEqual({ total: 0, expected: 0, low: 0, high: 0 });
  expect(forecast([{ amount: 80, probability: 1 }])).toEqual({ total: 80, expected: 80, low: 80, high: 80 });
});

test('property: the expected is the sum of probability × amount, and the interval holds it and stays between nothing and everything', () => {
  fc.assert(
    fc.property(fc.array(deal, { maxLength: 30 }), fc.array(deal, { maxLength: 30 }), (great, small) => {
      const found = forecast(great, restOf(small));
      const all = [...great, ...small];
      const total = all.reduce((sum, one) => sum + one.amount, 0);
      const expected = all.reduce((sum, one) => sum + one.amount * one.probability, 0);
      expect(found.total).toBeCloseTo(total, 3);
      expect(found.expected).toBeCloseTo(expected, 3);
      expect(found.low).toBeGreaterThanOrEqual(0);
      expect(found.low).toBeLessThanOrEqual(expected + 1e-3);
      expect(found.high).toBeGreaterThanOrEqual(expected - 1e-3);
      expect(found.high).toBeLessThanOrEqual(total + 1e-3);
    }),
  );
});

test('property: counted over all that can happen, what comes lies within the interval at least as often as promised', () => {
  fc.assert(
    fc.property(fc.array(deal, { minLength: 1, maxLength: 9 }), (deals) => {
      const { low, high } = forecast(deals);
      const within = endings(deals).filter(({ sum }) => sum >= low - 1e-6 && sum <= high + 1e-6);
      expect(within.reduce((chance, one) => chance + one.chance, 0)).toBeGreaterThanOrEqual(FORECAST_CONFIDENCE - 1e-6);
    }),
  );
});

test('of thousands of deals only the greatest are looked at one by one, and the interval still holds as often as promised', () => {
  let seed = 20_261_122;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const deals = Array.from({ length: 600 }, () => ({ amount: Math.round(1_000 / (0.01 + random())), probability: 0.02 + 0.6 * random() }));
  const greatestFirst = deals.toSorted((a, b) => b.amount - a.amount);
  const { low, high } = forecast(greatestFirst.slice(0, 64), restOf(greatestFirst.slice(64)));
  const RUNS = 4_000;
  let within = 0;
  for (let run = 0; run < RUNS; run++) {
    const sum = deals.reduce((all, one) => (random() < one.probability ? all + one.amount : all), 0);
    if (sum >= low && sum <= high) within++;
  }
  expect(within / RUNS).toBeGreaterThan(FORECAST_CONFIDENCE - 0.02);
  // Not by being so wide that it says nothing.
  expect(within / RUNS).toBeLessThan(FORECAST_CONFIDENCE + 0.04);
});
