import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFault } from '../../../domain/crm/common.ts';
import { changedFields, heedLead, type LeadStanding, type LeadTold, readLead } from '../../../domain/crm/lead.ts';

const nobody: LeadStanding = {
  email: 'a@acme.example',
  phone: null,
  firstName: null,
  lastName: null,
  name: null,
  title: null,
  company: null,
  country: null,
  timezone: null,
  locale: null,
  buyingRole: null,
  stage: 'lead',
  tags: [],
  attributes: {},
  accountId: null,
};
const word = fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: null });
const anyTold: fc.Arbitrary<LeadTold> = fc.record(
  {
    title: word,
    firstName: word,
    lastName: word,
    company: word,
    stage: fc.constantFrom('lead', 'customer'),
    tags: fc.array(fc.constantFrom('a', 'b', 'c')),
    attributes: fc.dictionary(fc.constantFrom('x', 'y'), fc.option(fc.integer(), { nil: null })),
  },
  { requiredKeys: [] },
);

test('told twice is told once', () => {
  fc.assert(
    fc.property(anyTold, anyTold, (first, told) => {
      const once = heedLead(heedLead(nobody, first), told);
      expect(changedFields(once, heedLead(once, told))).toEqual([]);
    }),
  );
});

test('what is absent stays, null clears', () => {
  fc.assert(
    fc.property(anyTold, anyTold, (first, told) => {
      const before = heedLead(nobody, first);
      const after = heedLead(before, told);
      for (const field of ['title', 'company', 'firstName', 'lastName', 'stage'] as const)
        expect(after[field]).toEqual(told[field] === undefined ? before[field] : told[field]);
      for (const name of ['x', 'y']) {
        const said = told.attributes?.[name];
        if (said === undefined) expect(after.attributes[name]).toEqual(before.attributes[name]);
        else expect(after.attributes[name]).toEqual(said ?? undefined);
      }
      expect(Object.values(after.attributes)).not.toContain(null);
    }),
  );
});

test('what cannot be read is named; what can is kept in one spelling', () => {
  expect(readLead({ email: ' Mei@Huadong.EXAMPLE', phone: '030 901820', country: 'Germany' }, 'US')).toMatchObject({
    email: 'mei@huadong.example',
    phone: '+4930901820',
    country: 'DE',
  });
  for (const [field, given] of Object.entries({
    email: 'x',
    phone: '1',
    country: 'Nowhere',
    timezone: 'Mars',
    stage: 'king',
    nickname: 'y',
  })) {
    const read = readLead({ [field]: given }, 'US');
    expect(isFault(read) && read.detail.length > 0).toBe(true);
  }
});
