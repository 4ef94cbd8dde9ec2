import fc from 'fast-check';
import { expect, test } from 'vitest';
import { condition, parseCondition } from '../../../../domain/conditions/condition.ts';
import { evaluate, type LeadFacts } from '../../../../domain/conditions/evaluate.ts';
import { passes } from '../../../../domain/conditions/test.ts';

const facts: LeadFacts = {
  lead: { country: 'DE', title: 'Plant Manager', employees: 120 },
  account: { industry: 'Chemicals' },
  stage: 'mql',
  tags: ['vip'],
  fit: 'B',
  engagement: 42,
  level: 'warm',
  consents: { news: true },
  campaigns: { trial: ['completed'] },
  counted: new Map(),
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
])('%j is %s', (document, expected) => expect(holds(document)).toBe(expected));

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
