import { expect, test } from 'vitest';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

test('a word on a topic is an effect, and known to what comes next', () => {
  const came = '2026-03-02T09:00:00Z';
  const plan = planOf([
    { id: 'c', consent: { topic: 'news', set: 'off' } },
    { id: 'b', branch: [{ when: { consent: { topic: 'news', state: 'off' } }, steps: [{ id: 'e', exit: 'seen' }] }] },
  ]);
  const { decision } = look(plan, arrived(plan, came), { consents: { news: true } }, came);
  expect(decision.effects).toEqual([{ kind: 'consent', topic: 'news', granted: false, stepId: 'c' }]);
  expect(decision.ended?.reason).toBe('seen');
  expect(ruleWords(decision.journal[0]!.because)).toBe('taken off news');
});

test('asking changes nothing yet, and says that it asked', () => {
  const came = '2026-03-02T09:00:00Z';
  const plan = planOf([
    { id: 'c', consent: { topic: 'news', set: 'ask' } },
    { id: 'b', branch: [{ when: { consent: 'news' }, steps: [{ id: 'e', exit: 'still on' }] }] },
  ]);
  const { decision } = look(plan, arrived(plan, came), { consents: { news: true } }, came);
  expect(decision.effects).toEqual([{ kind: 'consent', topic: 'news', granted: null, stepId: 'c' }]);
  expect(decision.ended?.reason).toBe('still on');
  expect(ruleWords(decision.journal[0]!.because)).toBe('asked to confirm news');
});
