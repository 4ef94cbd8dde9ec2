import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tellingsOf } from '../../../domain/webhooks/fan-out.ts';
import { type Happening, toldRules, typesOf } from '../../../domain/webhooks/happening.ts';
import { messageOf, messageSchema } from '../../../domain/webhooks/payload.ts';
import { eventTypes, pattern, wants } from '../../../domain/webhooks/types.ts';
import { wantedBy } from '../../../domain/webhooks/wanted.ts';
import { journalKinds } from '../../../domain/words/decision.ts';

const id = '019aab5f-dc5a-7c02-a0e3-d9f2b1c4e5f6';
const maybe = fc.constantFrom(null, id);
const anyRow: fc.Arbitrary<Happening> = fc.record({
  id: fc.constant(id),
  table: fc.constantFrom('event', 'journal', 'lead', 'account', 'consent'),
  kind: fc.constantFrom(
    ...journalKinds,
    'a_new_kind',
    'opportunity_renamed',
    'email_clicked',
    'email_replied',
    'identified',
    'form_submitted',
    'granted',
    'expired',
  ),
  at: fc.constant(new Date('2026-03-02T09:00:00Z')),
  leadId: maybe,
  accountId: maybe,
  opportunityId: maybe,
  campaignId: maybe,
  sequence: fc.boolean(),
  enrolmentId: maybe,
  stepId: fc.constantFrom(null, 'welcome'),
  source: fc.constantFrom(null, 'form', 'segment', 'sales', 'consent', 'mail'),
  facts: fc.constantFrom(
    {},
    { rule: 'sent', mail: 'accepted' },
    { rule: 'sent', mail: 'suppressed' },
    { rule: 'update' },
    { rule: 'branch' },
  ),
  origin: fc.constantFrom(null, 'sap'),
});
const anyPatterns = fc.array(
  fc.constantFrom(
    '*',
    'event.*',
    'event.identified',
    'event.form_submitted',
    'mail.*',
    'sequence.*',
    'consent.*',
    ...eventTypes.map(({ type }) => type),
  ),
  { minLength: 1, maxLength: 4 },
);

/** As the statement of db/webhook-feed.ts reads. */
function isRead(row: Happening, patterns: readonly string[]): boolean {
  const wanted = wantedBy(patterns);
  switch (row.table) {
    case 'event':
      return wanted.events === 'all' || (wanted.events !== 'none' && wanted.events.includes(row.kind));
    case 'journal':
      return (
        wanted.journal &&
        !wanted.notOfJournal.includes(row.kind) &&
        (row.kind !== 'stepped' || (wanted.steps && toldRules.includes(String(row.facts['rule']))))
      );
    case 'lead':
      return wanted.leads;
    case 'account':
      return wanted.accounts;
    case 'consent':
      return wanted.consents;
  }
}

test('whatever somebody asks for is among what is read', () => {
  fc.assert(
    fc.property(anyRow, anyPatterns, (row, patterns) => {
      if (typesOf(row).some(({ type }) => wants(patterns, type))) expect(isRead(row, patterns)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('every message is of the shape that is documented for its type', () => {
  const nothing = {
    leads: new Map(),
    accounts: new Map(),
    opportunities: new Map(),
    campaigns: new Map(),
    tasks: new Map(),
    mails: new Map(),
    records: new Map(),
  };
  fc.assert(
    fc.property(anyRow, (row) => {
      for (const { type } of typesOf(row)) {
        const given =
          row.table === 'consent'
            ? { ...row, facts: { topic: 'news', state: row.kind, basis: null, source: 'form', expiresAt: null } }
            : row;
        expect(messageSchema(type).safeParse(JSON.parse(messageOf(given, type, nothing).body)).error).toBeUndefined();
      }
    }),
  );
});

describe('who is told', () => {
  const row: Happening = {
    id,
    table: 'journal',
    kind: 'opportunity_won',
    at: new Date(0),
    leadId: id,
    accountId: null,
    opportunityId: id,
    campaignId: null,
    sequence: false,
    enrolmentId: null,
    stepId: null,
    source: null,
    facts: {},
    origin: 'sap',
  };
  const hearer = { id: 'a', types: ['opportunity.*'], system: null, includeTest: false, from: '0' };

  test('not the system that told us, not who came later, not who asks for something else', () => {
    expect(tellingsOf([row], [hearer])).toMatchObject([{ id: `msg_${id.replaceAll('-', '')}j`, type: 'opportunity.won' }]);
    expect(tellingsOf([row], [{ ...hearer, system: 'sap' }])).toEqual([]);
    expect(tellingsOf([row], [{ ...hearer, from: 'f' }])).toEqual([]);
    expect(tellingsOf([row], [{ ...hearer, types: ['task.*'] }])).toEqual([]);
  });

  test('a type nobody ever tells is no pattern; an event of one’s own is', () => {
    expect(['opportunity.won', 'opportunity.*', '*', 'event.our_own'].every((one) => pattern.safeParse(one).success)).toBe(true);
    expect(['opportunity.wno', 'nothing.*', 'event.', 'o*', ''].some((one) => pattern.safeParse(one).success)).toBe(false);
  });
});

test('the page lists every type with what it means', () => {
  const page = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
  const missing = eventTypes.filter(({ type, about }) => about !== '' && !page.includes(`\`${type}\``));
  expect(missing.map(({ type }) => type)).toEqual([]);
});
