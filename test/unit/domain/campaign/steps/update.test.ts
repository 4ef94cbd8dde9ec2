import { expect, test } from 'vitest';
import { lint } from '../../../../../domain/campaign/lint.ts';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const after = (update: object, known = {}, entry = {}) => {
  const plan = planOf([
    { id: 'u', update },
    { id: 'w', wait: '1d' },
  ]);
  return look(plan, arrived(plan, came, { entry }), known, came).decision;
};

test('what is to be is an effect, told in words; what the entry does not say is not changed', () => {
  const { effects, journal } = after(
    {
      'lead.product': '$entry.product',
      'lead.size': '$entry.size',
      'account.tier': 2,
      'lead.old': null,
      tag: { add: 'warm', remove: ['cold'] },
    },
    {},
    { product: 'pumps' },
  );
  expect(effects).toMatchObject([
    { kind: 'update', lead: { product: 'pumps', old: null }, account: { tier: 2 }, addTags: ['warm'], removeTags: ['cold'], move: null },
  ]);
  expect(effects[0]).not.toHaveProperty('lead.size');
  expect(ruleWords(journal[0]!.because)).toBe(
    'lead.product set to pumps, lead.old taken away, account.tier set to 2, tagged warm, tag cold removed',
  );
});

test('a stage is reached from where it may be reached only', () => {
  expect(ruleWords(after({ stage: 'mql' }).journal[0]!.because)).toBe('stage mql');
  expect(ruleWords(after({ stage: 'mql' }, { stage: 'customer' }).journal[0]!.because)).toBe(
    'stage stays customer: from there nothing leads to mql',
  );
  expect(after({ stage: 'advocate' }, { stage: 'customer' }).effects).toMatchObject([{ move: 'promoted' }]);
});

test('what comes next in the same look sees it', () => {
  const plan = planOf([
    { id: 'u', update: { 'lead.x': 1, tag: ['a', 'b'], stage: 'mql' } },
    { id: 'b', branch: [{ when: { 'lead.x': 1, tag: 'b', stage: 'mql' }, steps: [{ id: 'e', exit: 'seen' }] }] },
  ]);
  expect(look(plan, arrived(plan, came), {}, came).decision.ended).toEqual({ state: 'exited', reason: 'seen' });
});

const around = { segment: () => undefined, hasTemplate: () => true, hasPool: () => true, hasTopic: () => true };
const fault = (update: object) =>
  lint({ key: 'k', name: 'K', class: 'transactional', steps: [{ id: 'u', update }] }, around).findings[0]?.reason;

test.each([
  [{}, 'an update says what to change'],
  [{ 'lead.email': 'x@y.example' }, 'lead.email is not for a campaign to change'],
  [{ 'lead.stage': 'mql' }, 'lead.stage is not for a campaign to change'],
  [{ 'leed.x': 1 }, "'leed.x' cannot be changed here"],
  [{ tag: { add: ['a'], remove: ['a'] } }, "'a' is both added and removed"],
  [{ stage: 'subscriber' }, "nothing leads to the stage 'subscriber'"],
])('%j is refused', (update, reason) => {
  expect(fault(update)).toContain(reason);
});
