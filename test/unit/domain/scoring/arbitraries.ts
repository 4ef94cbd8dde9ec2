import * as fc from 'fast-check';
import type { Deed, EngagementRule } from '../../../../domain/scoring/engagement.ts';
import type { Level } from '../../../../domain/scoring/levels.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** The instant that tests look from. */
export const NOW = Date.UTC(2026, 2, 2, 9);

const events = ['visited', 'priced', 'left'];

/** Rules over three kinds of events, for and against, with and without caps; half-lives of hours keep brute force affordable. */
export const rules = (options: { halfLives?: number[]; capped?: boolean } = {}): fc.Arbitrary<EngagementRule[]> => {
  const { halfLives = [2 * HOUR, 5 * HOUR, 9 * HOUR], capped = true } = options;
  const rule = fc.record({
    event: fc.constantFrom(...events),
    points: fc.integer({ min: -30, max: 40 }).filter((n) => n !== 0),
    halfLife: fc.constantFrom(...halfLives),
    cap: capped ? fc.oneof(fc.constant(Infinity), fc.integer({ min: 5, max: 60 })) : fc.constant(Infinity),
  });
  return fc
    .array(rule, { minLength: 1, maxLength: 5 })
    .map((list) => list.map((one, i) => ({ ...one, id: `rule-${i}`, particular: false, matches: () => true })));
};

export const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.record({
    name: fc.constantFrom(...events),
    at: fc.integer({ min: NOW - 20 * HOUR, max: NOW }),
    properties: fc.constant<Record<string, unknown>>({}),
  }),
  { maxLength: 12 },
);

export const levels: Level[] = [
  { key: 'warm', up: 30, down: 20 },
  { key: 'hot', up: 60, down: 45 },
];
