import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { route } from '../../../../domain/routing/route.ts';
import { routedFacts, routedWords } from '../../../../domain/routing/words.ts';
import { type RoutingDocument, usualRouting } from '../../../../domain/routing/document.ts';
import type { Subject } from '../../../../domain/routing/subject.ts';
import { alone, anyDocument, anySubject, ready, staff } from './any-routing.ts';

const builtIn = ['asked', 'catch-all'];

describe('laws', () => {
  test('whatever the rules, every lead has a pool that is there, and a rep only who is there and has not passed it on', () => {
    fc.assert(
      fc.property(anyDocument, anySubject, (document, subject) => {
        const { to, rule } = route(ready(document), staff, subject);
        expect(staff.pools.has(to.pool)).toBe(true);
        if (to.rep !== undefined) expect(staff.reps.has(to.rep) && !subject.without!.has(to.rep)).toBe(true);
        expect([...builtIn, ...document.rules.map(({ key }) => key)]).toContain(rule);
      }),
      { numRuns: 300 },
    );
  });

  test('the first rule that would decide on its own decides, and no other before it', () => {
    fc.assert(
      fc.property(anyDocument, anySubject, (document, subject) => {
        const rules = ready(document);
        const decides = (key: string): boolean => route(alone(rules, key), staff, subject).rule === key;
        const first = document.rules.find(({ key }) => decides(key))?.key;
        const { rule, asked } = route(rules, staff, subject);
        expect(rule).toBe(first ?? (asked === undefined ? 'catch-all' : 'asked'));
      }),
      { numRuns: 300 },
    );
  });

  test('the explanation agrees: each rule before is told of once, in order, with why it does not hold; the one that decided with what it saw', () => {
    fc.assert(
      fc.property(anyDocument, anySubject, (document, subject) => {
        const routed = route(ready(document), staff, subject);
        const goes = document.rules.filter(({ to }) => to).map(({ key }) => key);
        const until = builtIn.includes(routed.rule) ? goes.length : goes.indexOf(routed.rule);
        expect(routed.before.map(({ rule }) => rule)).toEqual(goes.slice(0, until));
        for (const passed of routed.before) if ('seen' in passed) expect(passed.seen.length).toBeGreaterThan(0);
        const decided = document.rules.find(({ key }) => key === routed.rule);
        expect(routed.seen.length > 0).toBe(decided?.when !== undefined);
        expect(routedWords(routed)).toContain(routed.to.pool);
        expect(routedFacts(routed).length).toBeGreaterThanOrEqual(routed.before.length);
      }),
      { numRuns: 300 },
    );
  });

  test('a pool that was asked for is left only for who is there already, a named account, or a rule about that pool', () => {
    fc.assert(
      fc.property(anyDocument, anySubject, (document, subject) => {
        const { rule, to } = route(ready(document), staff, subject);
        if (subject.asked === null || !staff.pools.has(subject.asked) || to.pool === subject.asked) return;
        const { when, to: goes } = document.rules.find(({ key }) => key === rule)!;
        const given = [when ?? []].flat() as object[];
        expect(goes?.owner !== undefined || (given.length > 0 && given.every((one) => 'accounts' in one || 'pool' in one))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

const lead = (given: Partial<Subject> & { lead?: object; account?: object | null } = {}): Subject => {
  const { lead: person = {}, account = null, ...more } = given;
  const facts = {
    lead: { ...person },
    account: account && { ...account },
    stage: 'lead',
    tags: [],
    fit: null,
    engagement: null,
    level: null,
  };
  return {
    facts: { ...facts, consents: {}, campaigns: {}, counted: new Map() },
    domain: null,
    language: null,
    source: 'form',
    productLine: '',
    asked: null,
    owners: { account: null, opportunity: null },
    ...more,
  };
};
const decide = (rules: RoutingDocument['rules'], subject: Subject) => route(ready({ rules }), staff, subject);

test('a colleague goes to who has the account, also when another pool was asked for; that pool is where they wait', () => {
  const routed = route(ready(usualRouting), staff, lead({ asked: 'keys', owners: { account: 'ana', opportunity: 'ben' } }));
  expect(routed).toMatchObject({ rule: 'account-owner', to: { rep: 'ana', pool: 'keys' }, by: 'account owner', asked: 'keys' });
  expect(routedWords(routed)).toBe('to ana (who has the account), in the pool keys, by the rule ‘Whoever has the account’');
});

test('who goes to a person stands in the pool that the rules after it say, with its skills and language', () => {
  const rules: RoutingDocument['rules'] = [
    { key: 'owner', to: { owner: 'account' } },
    { key: 'austria', when: { country: ['AT'] }, to: { pool: 'keys', skills: ['slurry'], language: 'lead' }, hold: '4h' },
  ];
  const there = lead({ lead: { country: 'AT' }, language: 'de', owners: { account: 'ana', opportunity: null } });
  const routed = decide(rules, there);
  expect(routed).toMatchObject({
    rule: 'owner',
    to: { rep: 'ana', pool: 'keys' },
    queue: 'austria',
    skills: ['slurry'],
    language: 'de',
    hold: '4h',
  });
  expect(decide(rules, { ...there, without: new Set(['ana']) })).toMatchObject({ rule: 'austria', to: { pool: 'keys' } });
});

test('the green channel is marked by a rule wherever it stands, and changes nothing else', () => {
  const rules: RoutingDocument['rules'] = [
    { key: 'denmark', when: { country: ['DK'] }, to: { pool: 'inside' } },
    { key: 'large', when: { employees: { gte: 500 } }, vip: true },
  ];
  expect(decide(rules, lead({ lead: { country: 'DK' }, account: { employees: 900 } }))).toMatchObject({ rule: 'denmark', vip: 'large' });
  expect(decide(rules, lead({ lead: { country: 'DK' }, account: { employees: 90 } })).vip).toBeUndefined();
});

test('an account in another country does not lend the lead its postcode', () => {
  const rules: RoutingDocument['rules'] = [{ key: 'munich', when: { country: ['DE', 'AT'], postcode: ['80-86'] }, to: { pool: 'keys' } }];
  const firm = { country: 'DE', postal_code: 'D-80331' };
  expect(decide(rules, lead({ lead: {}, account: firm })).rule).toBe('munich');
  expect(decide(rules, lead({ lead: { country: 'AT' }, account: firm })).before).toEqual([
    { rule: 'munich', seen: [{ what: 'postcode', wanted: '80-86', value: null }] },
  ]);
});

test('a rule whose segment is gone holds of nobody and says so; nobody is left standing', () => {
  const routed = decide([{ key: 'tier-1', when: { segment: 'tier-1' }, to: { pool: 'keys' } }], lead());
  expect(routed).toMatchObject({
    rule: 'catch-all',
    to: { pool: 'fallback' },
    before: [{ rule: 'tier-1', fault: "there is no segment 'tier-1'" }],
  });
});
