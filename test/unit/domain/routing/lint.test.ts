import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anticipates, lintRouting } from '../../../../domain/routing/lint.ts';
import { route } from '../../../../domain/routing/route.ts';
import { vocabularyOf } from '../../../../domain/workspace/vocabulary.ts';
import { alone, anyDocument, anySubject, ready, staff } from './any-routing.ts';

const owners = [
  { key: 'account-owner', to: { owner: 'account' } },
  { key: 'open-opportunity', to: { owner: 'opportunity' } },
];
const attributes = { kind: 'attributes', key: 'default', body: { account: { industry: 'text', employees: 'number' } } };
const around = {
  pools: new Set(['inside', 'keys']),
  reps: new Set(['freja']),
  segment: () => undefined,
  vocabulary: vocabularyOf([attributes]),
};
const told = (...rules: object[]) =>
  lintRouting({ rules: [...owners, ...rules] }, around).map(({ level, path, reason, mend }) => `${level} ${path}: ${reason} → ${mend}`);

test('a rule that another is said to anticipate never decides', () => {
  fc.assert(
    fc.property(anyDocument, anySubject, (document, subject) => {
      const rules = ready(document);
      const at = document.rules.findIndex(({ key }) => key === route(rules, staff, subject).rule);
      const decided = document.rules[at];
      for (const earlier of document.rules.slice(0, Math.max(at, 0)))
        if (anticipates(earlier, decided!)) {
          // Only because whoever it names is not there, or has passed the lead on.
          expect(route(alone(rules, earlier.key), staff, subject).before[0]).not.toHaveProperty('seen');
          expect(route(alone(rules, earlier.key), staff, subject).before[0]).not.toHaveProperty('asked');
        }
    }),
    { numRuns: 300 },
  );
});

test('what is wrong is said with its path and what to do', () => {
  expect(told({ key: 'a', when: { country: 'DK' }, to: { pool: 'insde' } })).toEqual([
    "error rules.2.to.pool: there is no pool 'insde' → did you mean 'inside'? else add it to pools.yaml",
  ]);
  expect(told({ key: 'a', when: { country: ['DK', 'Atlantis'], postcode: 80 }, to: { rep: 'freya' } })).toEqual([
    "error rules.2.when.country.1: 'Atlantis' is no country: write its code, such as DE → see docs/routing.md",
    "error rules.2.when.postcode: a postcode stands in quotes: '01067', else its zeros are lost → see docs/routing.md",
  ]);
  expect(told({ key: 'a', when: { 'account.industri': 'food' }, to: { pool: 'inside' } })).toEqual([
    "error rules.2.when: there is no attribute account.industri → did you mean 'industry'? else add it to attributes.yaml",
  ]);
  expect(told({ key: 'a' }, { key: 'a', to: { owner: 'account', rep: 'freja' } })).toEqual([
    'error rules.2.to: says neither who gets it nor that it is vip → see docs/routing.md',
    'error rules.3.to: names an owner and a rep: one of them can have it → see docs/routing.md',
  ]);
});

test('rules that are never reached are found: after one that holds of everybody, and after a wider one', () => {
  const reasons = (...rules: object[]) =>
    told(...rules)
      .filter((line) => line.includes('never reached'))
      .map((line) => line.split(' →')[0]);
  expect(reasons({ key: 'all', to: { pool: 'inside' } }, { key: 'late', when: { country: 'DK' }, to: { pool: 'keys' } })).toEqual([
    "error rules.3: is never reached: 'all' holds of all it would hold of",
  ]);
  expect(
    reasons(
      { key: 'wide', when: { country: ['DK', 'SE'] }, to: { pool: 'inside' } },
      { key: 'b', when: { country: 'SE', tag: 'x' }, to: { pool: 'keys' } },
    ),
  ).toHaveLength(1);
  expect(
    reasons({ key: 'rep', when: { country: 'DK' }, to: { rep: 'freja' } }, { key: 'then', when: { country: 'DK' }, to: { pool: 'keys' } }),
  ).toEqual([]);
  expect(
    reasons({ key: 'all', to: { pool: 'inside' } }, { key: 'asked', when: { pool: 'keys', country: 'DK' }, to: { rep: 'freja' } }),
  ).toEqual([]);
});

test('what is meant well and does nothing is a warning', () => {
  expect(told({ key: 'a', when: { postcode: '80' }, to: { pool: 'inside' } })).toEqual([
    'warning rules.2.when.postcode: a postcode without a country holds in every country → say the country beside it',
    'warning rules.2.when.postcode: no lead or account attribute tells the postcode → add postal_code to attributes.yaml, for leads or accounts',
  ]);
  expect(lintRouting({ rules: [] }, around).map(({ level }) => level)).toEqual(['warning', 'warning']);
});
