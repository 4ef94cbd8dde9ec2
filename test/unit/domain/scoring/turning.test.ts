import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCondition } from '../../../../domain/conditions/condition.ts';
import { evaluate } from '../../../../domain/conditions/evaluate.ts';
import { scoringModel } from '../../../../domain/scoring/model.ts';
import { factsWith, score } from '../../../../domain/scoring/score.ts';
import { nextTurn } from '../../../../domain/scoring/turning.ts';
import { DAY, HOUR, NOW } from './arbitraries.ts';

const facts = (lead: Record<string, unknown>) => ({ lead, account: null, stage: 'lead', tags: [] });
const nobody = { fit: null, engagement: null, level: null };

test('a rule may speak of now: a trial that ends within seven days is worth points from then on, and the lead is scored anew at that instant', () => {
  const model = scoringModel(1, {
    fit: {
      rules: [{ id: 'ends-soon', when: { 'lead.trial_ends': { within: { next: '7d' } } }, points: 60 }],
      grades: { A: 60, B: 40, C: 20 },
    },
    engagement: {
      rules: [{ id: 'books', event: 'booked', where: { for: { within: { next: '2d' } } }, points: 10, halfLife: '10d' }],
      levels: [],
    },
  });
  const deeds = [{ name: 'booked', at: NOW - 30 * DAY, properties: { for: new Date(NOW - 29 * DAY).toISOString() } }];
  const lead = { facts: facts({ trial_ends: new Date(NOW + 10 * DAY).toISOString() }), deeds };
  const early = score(model, null, lead, null, new Date(NOW));
  expect(early).toMatchObject({ fit: 'D', looksAgainAt: new Date(NOW + 3 * DAY) });
  // What is said of an event is meant at the time of the event.
  expect(early.engagement).toBeCloseTo(10 / 8);
  const soon = score(model, null, lead, null, early.looksAgainAt!);
  expect(soon).toMatchObject({ fit: 'A', looksAgainAt: new Date(NOW + 10 * DAY + 1) });
  const over = score(model, null, lead, null, soon.looksAgainAt!);
  expect(over).toMatchObject({ fit: 'D', looksAgainAt: null });
});

const length = fc.constantFrom('3h', '1d', '2w', '1mo');
const timed = fc.oneof(
  length.map((last) => ({ within: { last } })),
  length.map((next) => ({ within: { next } })),
  length.map((by) => ({ before: `now+${by}` })),
  length.map((by) => ({ after: `now-${by}` })),
  fc.constant({ before: 'now' }),
  fc.tuple(length, length).map(([a, b]) => ({ after: `now-${a}`, before: `now+${b}` })),
);

test('before the next turn time turns nothing, whatever the conditions and dates', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ test: timed, at: fc.integer({ min: -1_000, max: 1_000 }) }), { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (rules, share) => {
        const tree = parseCondition({ all: rules.map(({ test }, i) => ({ [`lead.d${i}`]: test })) });
        const lead = facts(Object.fromEntries(rules.map(({ at }, i) => [`d${i}`, new Date(NOW + at * HOUR).toISOString()])));
        const seen = (at: number) => evaluate(tree, factsWith(lead, nobody, new Date(at))).evidence;
        const turn = nextTurn(seen(NOW), new Date(NOW)) ?? NOW + 3_000 * HOUR;
        expect(turn).toBeGreaterThan(NOW);
        const held = (at: number) => seen(at).map((one) => one.held);
        expect(held(Math.min(turn - 1, NOW + Math.floor((turn - NOW) * share)))).toEqual(held(NOW));
      },
    ),
  );
});
