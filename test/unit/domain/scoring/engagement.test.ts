import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { curveOf, engagementAt, type EngagementRule, pointsAt } from '../../../../domain/scoring/engagement.ts';
import { DAY, deeds, HOUR, NOW, rules } from './arbitraries.ts';

const visited = (rule: Partial<EngagementRule> = {}): EngagementRule => ({
  id: 'visited',
  event: 'page_viewed',
  points: 10,
  halfLife: 14 * DAY,
  cap: Infinity,
  particular: false,
  matches: () => true,
  ...rule,
});
const seen = (...daysAgo: number[]) => daysAgo.map((days) => ({ name: 'page_viewed', at: NOW - days * DAY, properties: {} }));

test('a deed loses half its points in each half-life', () => {
  expect(engagementAt(curveOf([visited()], seen(0, 14, 28), NOW), NOW)).toBe(10 + 5 + 2.5);
});

test('a cap holds what many deeds give together, for and against', () => {
  expect(engagementAt(curveOf([visited({ cap: 25 })], seen(0, 0, 0, 0), NOW), NOW)).toBe(25);
  expect(engagementAt(curveOf([visited({ points: -10, cap: 25 })], seen(0, 0, 0, 0), NOW), NOW)).toBe(-25);
});

test('only deeds that match the rule count', () => {
  const pricing = visited({ matches: (properties) => properties['path'] === '/pricing' });
  const two = [
    { name: 'page_viewed', at: NOW, properties: { path: '/pricing' } },
    { name: 'page_viewed', at: NOW, properties: { path: '/' } },
  ];
  expect(engagementAt(curveOf([pricing], two, NOW), NOW)).toBe(10);
});

test('a deed dated a little ahead of our clock counts as of now', () => {
  const ahead = [{ name: 'page_viewed', at: NOW + 40, properties: {} }];
  expect(engagementAt(curveOf([visited()], ahead, NOW), NOW)).toBe(10);
});

test('the order in which deeds come does not matter, to the last bit', () => {
  const shuffled = deeds.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  fc.assert(
    fc.property(rules(), shuffled, (model, [inOrder, mixed]) => {
      expect(curveOf(model, mixed, NOW)).toEqual(curveOf(model, inOrder, NOW));
    }),
  );
});

test('engagement is what its rule says, deed by deed', () => {
  fc.assert(
    fc.property(rules(), deeds, fc.integer({ min: 0, max: 50 * HOUR }), (model, list, later) => {
      const at = NOW + later;
      const byHand = model.reduce((sum, rule) => {
        const weight = list
          .filter((deed) => deed.name === rule.event)
          .reduce((all, deed) => all + Math.abs(rule.points) * 2 ** ((deed.at - at) / rule.halfLife), 0);
        return sum + Math.sign(rule.points) * Math.min(rule.cap, weight);
      }, 0);
      const curve = curveOf(model, list, NOW);
      expect(engagementAt(curve, at)).toBeCloseTo(byHand, 9);
      expect(curve.reduce((sum, term) => sum + pointsAt(term, at), 0)).toBeCloseTo(byHand, 9);
    }),
  );
});
