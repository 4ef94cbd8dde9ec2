import { expect, test } from 'vitest';
import { lint } from '../../../../../domain/campaign/lint.ts';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const after = (start: unknown, entry = {}) => {
  const plan = planOf([{ id: 's', start }]);
  return look(plan, arrived(plan, came, { entry }), {}, came).decision;
};

test('the lead, or others of its company, with what the entry there is to know', () => {
  expect(after('next').effects).toEqual([{ kind: 'start', campaign: 'next', for: null, properties: {}, chain: ['k'], stepId: 's' }]);
  const wide = after(
    { campaign: 'next', for: { roles: ['influencer'], max: 2 }, with: { offer: '$entry.offer', n: 1 } },
    { offer: 'spring' },
  );
  expect(wide.effects).toMatchObject([{ for: { roles: ['influencer'], max: 2 }, properties: { offer: 'spring', n: 1 } }]);
  expect(ruleWords(wide.journal[0]!.because)).toBe('started next for others of the company');
});

test('a campaign that led here is not started again, nor by somebody else of the chain', () => {
  const { effects, journal } = after('first', { started: { by: 'second', chain: ['first', 'second'] } });
  expect(effects).toEqual([]);
  expect(ruleWords(journal[0]!.because)).toBe('first not started: it led here: first → second → k → first');
  expect(after('third', { started: { chain: ['first'] } }).effects).toMatchObject([{ chain: ['first', 'k'] }]);
});

test('circles, also wide ones, and campaigns that are not there', () => {
  const starts: Record<string, string[]> = { a: ['b'], b: ['c', 'k'], c: ['a'] };
  const around = {
    segment: () => undefined,
    hasTemplate: () => true,
    hasPool: () => true,
    hasTopic: () => true,
    startsOf: (key: string) => starts[key],
  };
  const fault = (start: string) =>
    lint({ key: 'k', name: 'K', class: 'transactional', steps: [{ id: 's', start }] }, around).findings[0]?.reason;
  expect(fault('a')).toBe('it comes back to itself: k → a → b → k');
  expect(fault('k')).toBe('it comes back to itself: k → k');
  expect(fault('nowhere')).toBe("there is no campaign 'nowhere'");
});
