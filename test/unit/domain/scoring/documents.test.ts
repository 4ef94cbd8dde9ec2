import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scoringModel, scoringSchema } from '../../../../domain/scoring/model.ts';
import { qualificationModel, standardSchema } from '../../../../domain/scoring/standard.ts';

const demo = (name: string): unknown => parse(readFileSync(new URL(`../../../../demo/${name}.yaml`, import.meta.url), 'utf8'));
const faults = (schema: typeof scoringSchema | typeof standardSchema, given: unknown): string[] =>
  schema.safeParse(given).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];

const minimal = {
  fit: { rules: [{ id: 'industry', when: { 'account.industry': 'water' }, points: 40 }], grades: { A: 60, B: 40, C: 20 } },
  engagement: {
    rules: [{ id: 'priced', event: 'pricing_viewed', points: 10, halfLife: '14d' }],
    levels: [{ key: 'warm', up: 30, down: 20 }],
  },
};

test("the demo's documents are what they should be", () => {
  expect(scoringModel(1, demo('scoring')).engagement.rules.length).toBeGreaterThan(5);
  expect(qualificationModel(1, demo('standard'))).toMatchObject({ pool: 'inside', watched: [40] });
});

test('a document says what it leaves out and what it means', () => {
  expect(scoringModel(3, minimal)).toMatchObject({
    version: 3,
    engagement: { rules: [{ halfLife: 14 * 86_400_000, cap: Infinity, particular: false }] },
  });
});

test('faults are named where they stand', () => {
  const rule = minimal.engagement.rules[0]!;
  const withRules = (...rules: object[]) => ({ ...minimal, engagement: { ...minimal.engagement, rules } });
  const withLevels = (...levels: object[]) => ({ ...minimal, engagement: { ...minimal.engagement, levels } });
  expect(faults(scoringSchema, withRules(rule, rule))).toEqual([
    `engagement.rules.1.id: 'priced' is there twice: every rule has an id of its own`,
  ]);
  expect(faults(scoringSchema, withRules({ ...rule, points: 0 }))).toEqual(['engagement.rules.0.points: a rule of 0 points says nothing']);
  expect(faults(scoringSchema, withRules({ ...rule, halfLife: '0d' }))).toEqual([
    'engagement.rules.0.halfLife: a half-life is between a minute and ten years',
  ]);
  expect(faults(scoringSchema, withRules({ ...rule, where: { path: { above: 3 } } }))).toHaveLength(1);
  expect(faults(scoringSchema, withLevels({ key: 'warm', up: 20, down: 30 }))).toEqual([
    'engagement.levels.0.down: a level is left below the points it is reached at, or it would be left at once',
  ]);
  expect(faults(scoringSchema, withLevels({ key: 'warm', up: 30, down: 20 }, { key: 'hot', up: 25, down: 10 }))).toHaveLength(2);
  expect(faults(scoringSchema, withLevels({ key: 'cold', up: 30, down: 20 }))).toEqual([
    `engagement.levels.0.key: 'cold' is the name of another level`,
  ]);
  expect(
    faults(scoringSchema, {
      ...minimal,
      fit: { rules: [{ id: 'x', when: { event: 'visited' }, points: 1 }], grades: { A: 3, B: 2, C: 1 } },
    }),
  ).toEqual([`fit.rules.0.when: fit is who somebody is: it looks at attributes and tags, not at 'visited'`]);
});

test('a standard looks at scores and attributes only, and each of its reasons says what follows', () => {
  const standard = {
    mql: { fit: 'A', level: 'hot' },
    pool: 'inside',
    reasons: { not_now: { follows: 'recycle', label: 'Not now', after: '90d' } },
  };
  expect(faults(standardSchema, standard)).toEqual([]);
  expect(faults(standardSchema, { ...standard, mql: { segment: 'tier-1' } })).toEqual([
    'mql: a standard looks at fit, engagement, level, score, attributes and tags',
  ]);
  expect(faults(standardSchema, { ...standard, reasons: { not_now: { follows: 'recycle', label: 'Not now' } } })).toHaveLength(1);
});
