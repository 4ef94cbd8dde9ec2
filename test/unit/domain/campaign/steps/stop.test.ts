import { expect, test } from 'vitest';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';

test('another campaign is stopped for the lead, or for others of its company', () => {
  const plan = planOf([
    { id: 'mine', stop: 'other' },
    { id: 'theirs', stop: { campaign: 'k', for: { roles: ['user'] } } },
  ]);
  const { decision } = look(plan, arrived(plan, came), {}, came);
  expect(decision.effects).toEqual([
    { kind: 'stop', campaign: 'other', for: null, stepId: 'mine' },
    { kind: 'stop', campaign: 'k', for: { roles: ['user'] }, stepId: 'theirs' },
  ]);
});

test('who is stopped leaves at once, wherever they stand, and hears by whom', () => {
  const plan = planOf([{ id: 'w', wait: '90d' }]);
  const { decision } = look(plan, arrived(plan, came), { stopped: { by: 'other', step: 'mine' } }, came);
  expect(decision.ended).toEqual({ state: 'exited', reason: 'stopped' });
  expect(ruleWords(decision.journal[0]!.because)).toBe('stopped by other, mine');
});
