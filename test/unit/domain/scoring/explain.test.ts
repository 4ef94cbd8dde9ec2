import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { explain } from '../../../../domain/scoring/explain.ts';
import type { ScoringModel } from '../../../../domain/scoring/model.ts';
import { explanationOf, score } from '../../../../domain/scoring/score.ts';
import { qualificationModel } from '../../../../domain/scoring/standard.ts';
import { parseCondition } from '../../../../domain/conditions/condition.ts';
import { deeds, levels, NOW, rules } from './arbitraries.ts';

const now = new Date(NOW);
const facts = { lead: { title: 'Engineer' }, account: null, stage: 'lead', tags: ['vip'] };
const fit = {
  rules: [
    { id: 'title', when: parseCondition({ 'lead.title': { contains: 'engineer' } }), points: 30 },
    { id: 'industry', when: parseCondition({ 'account.industry': 'water' }), points: 40 },
    { id: 'vip', when: parseCondition({ tag: 'vip' }), points: -5 },
  ],
  grades: { A: 60, B: 40, C: 20 },
};

test('the points of an explanation add up, for any model and any deeds', () => {
  fc.assert(
    fc.property(rules(), deeds, (engagementRules, done) => {
      const model: ScoringModel = { version: 1, fit, engagement: { rules: engagementRules, levels } };
      const lead = { facts, deeds: done };
      const made = score(model, null, lead, null, now);
      const told = explain(model, null, lead, made, now);
      const sum = (given: { given: number }[]) => given.reduce((all, rule) => all + rule.given, 0);
      expect(sum(told.fit.rules)).toBe(made.fitPoints);
      expect(sum(told.engagement.rules)).toBeCloseTo(made.engagement, 9);
      expect(explanationOf(made, now).engagement.reduce((all, rule) => all + rule.points, 0)).toBeCloseTo(made.engagement, 9);
    }),
  );
});

test('of alternatives the nearest is what is missing', () => {
  const model: ScoringModel = { version: 1, fit, engagement: { rules: [], levels } };
  const standard = qualificationModel(1, {
    mql: {
      any: [
        { fit: { gte: 'B' }, level: 'hot' },
        { fit: { gte: 'C' }, engagement: { gte: 40 } },
        { all: [{ tag: 'partner' }, { level: 'warm' }] },
      ],
    },
    pool: 'inside',
    reasons: {},
  });
  const lead = { facts, deeds: [] };
  const told = explain(model, standard, lead, score(model, standard, lead, null, now), now);
  expect(told.fit.words).toBe('Fit C: 25 points; B from 40.');
  expect(told.standard).toMatchObject({ met: false, missing: ['engagement ≥ 40 (is 0)'] });
});
