import fc from 'fast-check';
import { expect, test } from 'vitest';
import { condition, leavesOf, parseCondition, parseSegment } from '../../../../domain/conditions/condition.ts';
import { evaluate, type LeadFacts } from '../../../../domain/conditions/evaluate.ts';
import { passes } from '../../../../domain/conditions/test.ts';
import { lookAgainMs } from '../../../../domain/conditions/timed.ts';

const facts: LeadFacts = {
  lead: {
    country: 'DE',
    title: 'Plant Manager',
    employees: 120,
    seats: '25',
    renews: '2026-04-10',
    asked: '2026-03-27T09:00:00+01:00',
    born: '2026-02-30',
  },
  account: { industry: 'Chemicals' },
  stage: 'mql',
  tags: ['vip'],
  fit: 'B',
  engagement: 42,
  level: 'warm',
  consents: { news: true },
  campaigns: { trial: ['completed'] },
  counted: new Map(),
  context: { now: new Date('2026-03-28T10:00:00Z'), entry: { country: 'DE' } },
};
const holds = (document: Record<string, unknown>): boolean => evaluate(parseCondition(condition.parse(document)), facts).held;

test.each<[Record<string, unknown>, boolean]>([
  [{ 'lead.country': 'de' }, true],
  [{ 'lead.title': { contains: 'manager' } }, true],
  [{ 'lead.phone': { exists: false } }, true],
  [{ 'lead.phone': { gte: 3 } }, false],
  [{ 'account.industry': { in: ['chemicals', 'water'] } }, true],
  [{ fit: { gte: 'C' } }, true],
  [{ fit: { gte: 'A' } }, false],
  [{ engagement: { gte: 40, lt: 50 } }, true],
  [{ score: 'B-warm' }, true],
  [{ tag: 'vip', stage: 'mql' }, true],
  [{ tag: 'vip', stage: 'lead' }, false],
  [{ not: { any: [{ stage: 'customer' }, { tag: 'spam' }] } }, true],
  [{ consent: 'news' }, true],
  [{ consent: { topic: 'news', state: 'off' } }, false],
  [{ campaign: { key: 'trial', state: 'completed' } }, true],
  [{ campaign: { key: 'trial', state: 'active' } }, false],
  [{ event: 'seen', count: { lt: 1 } }, true],
  [{ opened: 'any' }, false],
  [{ account: { anyone: { stage: 'customer' } } }, false],
  [{ 'lead.seats': 25, 'lead.employees': { gt: '100' } }, false],
  [{ 'lead.seats': { gte: 25, lt: 26 } }, true],
  [{ 'lead.phone': null }, true],
  [{ 'lead.country': null }, false],
  [{ 'lead.country': { ne: null } }, true],
  [{ 'lead.constructor': { exists: true } }, false],
  [{ 'lead.country': '$entry.country' }, true],
  [{ 'lead.title': '$entry.title' }, false],
  [{ 'lead.phone': '$entry.phone' }, false],
  [{ 'lead.title': { ne: '$entry.title' } }, true],
  [{ 'lead.renews': { within: { next: '14d' } } }, true],
  [{ 'lead.renews': { within: '14d' } }, false],
  [{ 'lead.asked': { within: '2d' } }, true],
  [{ 'lead.asked': { within: { last: '1d' } } }, false],
  [{ 'lead.asked': { after: 'now-1w', before: 'now' } }, true],
  [{ 'lead.renews': { before: 'now+2w', after: '2026-04-09T23:59:59Z' } }, true],
  [{ 'lead.born': { before: 'now' } }, false],
])('%j is %s', (document, expected) => expect(holds(document)).toBe(expected));

test('`since`, `in` and `by` of a group hold for what stands in it, unless that says otherwise', () => {
  const leaves = leavesOf(
    parseCondition(
      condition.parse({
        since: '7d',
        by: 'account',
        any: [{ clicked: 'any' }, { event: 'seen' }, { event: 'bought', since: 'ever', by: 'lead' }],
      }),
    ),
  );
  expect(leaves).toMatchObject([
    { kind: 'mail', since: '7d', by: 'account', of: 'lead' },
    { event: 'seen', since: '7d', by: 'account' },
    { event: 'bought', since: 'ever' },
  ]);
  expect(leaves[2]).not.toHaveProperty('by');
});

test('a mail is one of this enrolment since entry; in a segment, or of a colleague, any mail', () => {
  const scope = { segment: () => ({ clicked: 'any' }) };
  const [own, segment, colleague] = leavesOf(
    parseCondition(condition.parse({ all: [{ clicked: 'any' }, { segment: 'x' }, { account: { anyone: { clicked: 'any' } } }] }), scope),
  );
  expect(own).toMatchObject({ of: 'enrolment', since: 'entry' });
  expect(segment).toMatchObject({ of: 'lead', since: 'ever' });
  expect(colleague).toMatchObject({ is: { leaf: { of: 'lead', since: 'entry' } } });
});

test.each<[Record<string, unknown>, number | null]>([
  [{ tag: 'vip', event: 'seen' }, null],
  [{ event: 'seen', in: '180d' }, 60],
  [{ event: 'seen', in: '12h' }, 30],
  [{ not: { any: [{ clicked: 'any', in: '1h' }, { tag: 'x' }] } }, 5],
  [{ 'lead.renews': { within: { next: '30d' } } }, 60],
  [{ 'lead.renews': { before: '2026-12-24' } }, null],
  [{ account: { anyone: { stage: 'customer' } } }, 15],
])('%j changes by itself: looked at again every %s minutes', (document, minutes) => {
  expect(lookAgainMs(parseSegment(condition.parse(document)))).toBe(minutes === null ? null : minutes * 60_000);
});

test('a bare value and eq mean the same; ne is its opposite where something is known', () => {
  const value = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean());
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(passes(a, { eq: b })).toBe(!passes(a, { ne: b }));
    }),
  );
});

test('nothing passes a comparison when nothing is known, whatever the bound', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('eq', 'gt', 'gte', 'lt', 'lte', 'contains'),
      fc.string({ minLength: 1 }),
      (op, bound) => !passes(null, { [op]: bound }),
    ),
  );
});

test('whatever a document holds, it is parsed or refused with a path, and never crashes', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 4 }), (document) => {
      const parsed = condition.safeParse(document);
      if (!parsed.success) expect(parsed.error.issues.length).toBeGreaterThan(0);
    }),
  );
});

test('a moment beyond all counting is refused', () => {
  for (const after of ['now+999999mo', 'now-40000d']) expect(condition.safeParse({ 'lead.renews': { after } }).success, after).toBe(false);
  expect(condition.safeParse({ 'lead.renews': { after: 'now+100d' }, event: 'x', in: '90d' }).success).toBe(true);
});
