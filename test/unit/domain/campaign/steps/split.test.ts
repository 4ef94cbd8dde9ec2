import { expect, test } from 'vitest';
import { lint } from '../../../../../domain/campaign/lint.ts';
import { experimentKey } from '../../../../../domain/campaign/split.ts';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const arms = ['a', 'b'].map((key) => ({ key, steps: [{ id: `in-${key}`, wait: '1d' }] }));
const measured = [
  { id: 's', split: { arms, metric: 'clicked' } },
  { id: 'after', wait: '1d' },
];

test('everybody goes one way, always the same; the way is noted', () => {
  const plan = planOf([{ id: 's', split: arms }]);
  const ways = Array.from({ length: 50 }, (_, i) => look(plan, arrived(plan, came, { leadId: `l${i}` }), {}, came).enrolment.stepId);
  expect(new Set(ways)).toEqual(new Set(['in-a', 'in-b']));
  const { decision, enrolment } = look(plan, arrived(plan, came, { leadId: 'l0' }), {}, came);
  expect(enrolment.stepId).toBe(ways[0]);
  expect(decision.effects).toEqual([{ kind: 'split', arm: ways[0]!.slice(3), experiment: null, stepId: 's' }]);
});

test('the winner of this very experiment takes everybody; of another one nobody', () => {
  const plan = planOf(measured);
  const experiment = { arms: ['a', 'b'], metric: 'clicked' as const, minimum: 100, confidence: 0.95, within: '7d' as const };
  const everybody = (winners: Record<string, string>) =>
    new Set(Array.from({ length: 50 }, (_, i) => look(plan, arrived(plan, came, { leadId: `l${i}` }), { winners }, came).enrolment.stepId));
  expect(everybody({ [experimentKey('s', experiment)]: 'b' })).toEqual(new Set(['in-b']));
  expect(everybody({ [experimentKey('s', { ...experiment, minimum: 50 })]: 'b' }).size).toBe(2);
  const { decision } = look(plan, arrived(plan, came), { winners: { [experimentKey('s', experiment)]: 'b' } }, came);
  expect(ruleWords(decision.journal[0]!.because)).toBe('arm b, which has won the split');
});

const around = { segment: () => undefined, hasTemplate: () => true, hasPool: () => true, hasTopic: () => true };
test.each([
  [[arms[0]], 'is to be at least 2 of them'],
  [[arms[0], { key: 'a', steps: [] }], 'two arms have the same key'],
  [[arms[0], { key: 'next', steps: [] }], "cannot be called 'next'"],
  [{ arms, metric: 'goal' }, 'the campaign has none'],
  [{ arms, metric: 'clicked', minimum: 2 }, 'is to be at least 10'],
])('%j is refused', (split, reason) => {
  const { findings } = lint({ key: 'k', name: 'K', class: 'transactional', steps: [{ id: 's', split }] }, around);
  expect(findings[0]?.reason).toContain(reason);
});
