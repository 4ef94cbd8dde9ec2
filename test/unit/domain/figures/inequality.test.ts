import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gini, herfindahl } from '../../../../domain/figures/inequality.ts';

const given = fc.array(fc.record({ amount: fc.integer({ min: 0, max: 1_000 }), weight: fc.integer({ min: 1, max: 20 }) }), {
  minLength: 2,
  maxLength: 12,
});
const some = given.filter((all) => all.some((one) => one.amount > 0));

test('who is due twice as much and has twice as much is treated fairly; one of two has it all', () => {
  expect(
    gini([
      { amount: 20, weight: 2 },
      { amount: 10, weight: 1 },
    ]),
  ).toBeCloseTo(0, 12);
  expect(
    gini([
      { amount: 0, weight: 1 },
      { amount: 10, weight: 1 },
    ]),
  ).toBeCloseTo(0.5, 12);
  // By hand: 1, 2, 3, 4 of 10 among equals is 0.25.
  expect(gini([1, 2, 3, 4].map((amount) => ({ amount, weight: 1 })))).toBeCloseTo(0.25, 12);
  expect(gini([{ amount: 3, weight: 1 }])).toBeNull();
  expect(
    gini([
      { amount: 0, weight: 1 },
      { amount: 0, weight: 3 },
    ]),
  ).toBeNull();
});

test('property: Gini is 0 where shares are kept, stays between 0 and 1, and does not mind in what it is counted', () => {
  fc.assert(
    fc.property(some, fc.integer({ min: 2, max: 9 }), (all, times) => {
      const one = gini(all)!;
      expect(one).toBeGreaterThanOrEqual(0);
      expect(one).toBeLessThanOrEqual(1);
      expect(gini(all.map(({ amount, weight }) => ({ amount: amount * times, weight: weight * 3 })))).toBeCloseTo(one, 9);
      expect(gini(all.map(({ weight }) => ({ amount: weight * times, weight })))).toBeCloseTo(0, 9);
    }),
  );
});

test('property: a rep cut into two halves changes nothing, and who has the most per share giving to who has the least makes it fairer', () => {
  fc.assert(
    fc.property(some, (all) => {
      const [first, ...others] = all as [(typeof all)[number], ...typeof all];
      const half = { amount: first.amount / 2, weight: first.weight / 2 };
      expect(gini([half, half, ...others])).toBeCloseTo(gini(all)!, 9);

      const rising = all.toSorted((a, b) => a.amount / a.weight - b.amount / b.weight);
      const [poor, rich] = [rising[0]!, rising.at(-1)!];
      // No more than makes the two equal.
      const passed = (rich.amount * poor.weight - poor.amount * rich.weight) / (rich.weight + poor.weight);
      const after = rising.map((one) =>
        one === poor ? { ...one, amount: one.amount + passed } : one === rich ? { ...one, amount: one.amount - passed } : one,
      );
      expect(gini(after)!).toBeLessThanOrEqual(gini(all)! + 1e-9);
    }),
  );
});

test('property: Herfindahl is 1/n among equals, 1 in one hand, and in between else', () => {
  expect(herfindahl([])).toBeNull();
  expect(herfindahl([0, 0])).toBeNull();
  expect(herfindahl([5, 0, 0])).toBe(1);
  expect(herfindahl([2, 2, 2, 2])).toBeCloseTo(0.25, 12);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 }), (amounts) => {
      const found = herfindahl(amounts)!;
      expect(found).toBeGreaterThanOrEqual(1 / amounts.length - 1e-9);
      expect(found).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});
