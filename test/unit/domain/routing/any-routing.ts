import fc from 'fast-check';
import type { RoutingDocument, RoutingRule } from '../../../../domain/routing/document.ts';
import { routingSchema } from '../../../../domain/routing/document.ts';
import type { Staff } from '../../../../domain/routing/route.ts';
import { type Rules, rulesOf } from '../../../../domain/routing/rules.ts';
import type { Subject } from '../../../../domain/routing/subject.ts';

/** Few of each, so that rules and leads often meet. */
const some = {
  country: ['DE', 'AT', 'DK'],
  postcode: ['80', '80-86', '803', '1', '24103'],
  code: ['80331', '8010', '24103', '1050', null],
  industry: ['food', 'water'],
  region: ['Bayern', 'Wien'],
  accounts: ['holm.example', 'alpen.example'],
  pool: ['inside', 'keys', 'gone-pool'],
  rep: ['ana', 'ben', 'eva', 'gone-rep'],
} as const;

const listOf = <T>(values: readonly T[]) => fc.oneof(fc.constantFrom(...values), fc.constantFrom(values.slice(0, 2)));

const asks = fc.oneof(
  fc.record({ country: listOf(some.country) }),
  fc.record({ postcode: listOf(some.postcode) }),
  fc.record({ industry: listOf(some.industry) }),
  fc.record({ region: listOf(some.region) }),
  fc.record({ accounts: listOf(some.accounts) }),
  fc.record({ pool: listOf(['inside', 'keys']) }),
  fc.record({ employees: fc.constantFrom({ gte: 100 }, { lt: 100 }, 250) }),
  fc.record({ tag: fc.constantFrom('fair', 'partner') }),
  fc.record({ 'lead.title': fc.constantFrom('Buyer', { exists: true }) }),
);
const alternative = fc.array(asks, { minLength: 1, maxLength: 3 }).map((parts): Record<string, unknown> => Object.assign({}, ...parts));

const to = fc.oneof(
  fc.record({ pool: fc.constantFrom(...some.pool) }),
  fc.record({ rep: fc.constantFrom(...some.rep) }),
  fc.record({ rep: fc.constantFrom(...some.rep), pool: fc.constantFrom(...some.pool) }),
  fc.record({ owner: fc.constantFrom('account' as const, 'opportunity' as const) }),
);

/** Any rule that may stand in a document, but for its key. */
export const anyRule = fc
  .record(
    { when: fc.oneof(alternative, fc.array(alternative, { minLength: 1, maxLength: 3 })), to, vip: fc.boolean() },
    { requiredKeys: ['to'] },
  )
  .map((rule) => rule as Omit<RoutingRule, 'key'>);

export const anyDocument: fc.Arbitrary<RoutingDocument> = fc
  .array(fc.oneof({ weight: 6, arbitrary: anyRule }, { weight: 1, arbitrary: alternative.map((when) => ({ when, vip: true })) }), {
    maxLength: 8,
  })
  .map((rules) => routingSchema.parse({ rules: rules.map((rule, i) => ({ key: `r${i}`, ...rule })) }));

export const staff: Staff = { pools: new Set(['inside', 'keys', 'fallback']), reps: new Set(['ana', 'ben', 'eva']), fallback: 'fallback' };

export const anySubject: fc.Arbitrary<Subject> = fc
  .record({
    country: fc.constantFrom(...some.country, null),
    code: fc.constantFrom(...some.code),
    industry: fc.constantFrom(...some.industry, null),
    region: fc.constantFrom(...some.region, null),
    domain: fc.constantFrom(...some.accounts, null),
    employees: fc.constantFrom(20, 250, null),
    title: fc.constantFrom('Buyer', 'Head', null),
    tags: fc.subarray(['fair', 'partner']),
    asked: fc.constantFrom('inside', 'keys', 'gone-pool', null),
    account: fc.constantFrom('ana', 'gone-rep', null),
    opportunity: fc.constantFrom('ben', null),
    without: fc.subarray(['ana', 'ben']),
  })
  .map(({ country, code, industry, region, domain, employees, title, tags, asked, account, opportunity, without }) => ({
    facts: {
      lead: without0({ country, postal_code: code, region, title }),
      account: domain === null ? null : without0({ industry, employees }),
      stage: 'lead',
      tags,
      fit: null,
      engagement: null,
      level: null,
      consents: {},
      campaigns: {},
      counted: new Map<string, never>(),
    },
    domain,
    language: null,
    source: 'form' as const,
    productLine: '',
    asked,
    owners: { account, opportunity },
    without: new Set(without),
  }));

const without0 = (given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));

/** A document made ready, without segments. */
export const ready = (document: RoutingDocument): Rules => rulesOf(document, 1, { segment: () => undefined });

/** Only this rule of a document. */
export const alone = (rules: Rules, key: string): Rules => ({ ...rules, rules: rules.rules.filter((rule) => rule.key === key) });
