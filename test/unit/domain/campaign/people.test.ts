import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePeople, type Colleague } from '../../../../domain/campaign/people.ts';

const colleague = fc.record({
  leadId: fc.uuid(),
  buyingRole: fc.constantFrom('decider', 'Influencer', 'user', null),
  engagement: fc.option(fc.integer({ min: 0, max: 100 })),
  createdAt: fc.date({ noInvalidDate: true }),
});

test('always the same few, of the roles asked for, the most wanted role first, then the most engaged', () => {
  fc.assert(
    fc.property(fc.uniqueArray(colleague, { selector: (one) => one.leadId }), fc.integer({ min: 1, max: 4 }), (people, max) => {
      const roles = ['decider', 'influencer'];
      const chosen = choosePeople(people, { roles, max });
      expect(choosePeople(people.toReversed(), { roles, max })).toEqual(chosen);
      expect(chosen.length).toBe(Math.min(max, people.filter(({ buyingRole }) => roles.includes(buyingRole?.toLowerCase() ?? '')).length));
      const ranks = chosen.map(({ buyingRole, engagement }) => roles.indexOf(buyingRole!.toLowerCase()) * 1_000 - (engagement ?? -1));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    }),
  );
});

test('without roles anybody is meant, without a number everybody', () => {
  const people: Colleague[] = ['b', 'a'].map((leadId) => ({ leadId, buyingRole: null, engagement: null, createdAt: new Date(0) }));
  expect(choosePeople(people, {}).map(({ leadId }) => leadId)).toEqual(['a', 'b']);
});
