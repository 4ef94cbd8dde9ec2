import { expect, test } from 'vitest';
import { type LastFacts, lastLook } from '../../../../domain/delivery/last-look.ts';
import { topics } from '../../../../domain/consent/topics.ts';

const document = topics.parse({
  topics: [
    { key: 'news', name: 'News' },
    { key: 'service', name: 'Service', basis: 'legitimate-interest' },
  ],
});
const fine: LastFacts = {
  class: 'marketing',
  topic: 'news',
  address: 'mei@huadong.example',
  sendingStopped: false,
  campaignState: 'live',
  tooLate: false,
  suppressed: null,
  consent: 'granted',
  withSales: false,
};
const look = (facts: Partial<LastFacts>, campaign?: Parameters<typeof lastLook>[2]) => lastLook({ ...fine, ...facts }, document, campaign);
const later = new Date('2026-03-02T09:00:00Z');

test('a mail that nothing speaks against goes', () => {
  expect(look({})).toEqual({ as: 'go' });
});

test.each<[string, Partial<LastFacts>, object]>([
  ['all sending is stopped', { sendingStopped: true }, { as: 'queued', dueAt: null }],
  ['the campaign is paused', { campaignState: 'paused' }, { as: 'queued', dueAt: null }],
  ['the campaign is archived', { campaignState: 'archived' }, { as: 'cancelled', reason: 'campaign_archived' }],
  ['the address is gone', { address: null }, { as: 'cancelled', reason: 'no_address' }],
  ['its time has passed', { tooLate: true }, { as: 'cancelled', reason: 'too_late' }],
  ['unsubscribed', { suppressed: { kind: 'unsubscribe', scope: 'marketing' } }, { as: 'suppressed', reason: 'unsubscribed' }],
  ['bounced', { suppressed: { kind: 'bounce', scope: 'all' } }, { as: 'suppressed', reason: 'address_dead' }],
  ['complained', { suppressed: { kind: 'complaint', scope: 'all' } }, { as: 'suppressed', reason: 'complained' }],
  ['never agreed, where agreement is needed', { consent: null }, { as: 'suppressed', reason: 'no_consent' }],
  ['asked and not yet confirmed', { consent: 'pending' }, { as: 'suppressed', reason: 'consent_pending' }],
  ['agreed, and it ran out', { consent: 'expired' }, { as: 'suppressed', reason: 'consent_expired' }],
  ['ran out where no agreement is needed', { consent: 'expired', topic: 'service' }, { as: 'go' }],
  ['never asked, where that is enough', { consent: null, topic: 'service' }, { as: 'go' }],
  ['took consent back', { consent: 'withdrawn', topic: 'service' }, { as: 'suppressed', reason: 'consent_withdrawn' }],
  ['with sales', { withSales: true }, { as: 'cancelled', reason: 'with_sales' }],
])('marketing mail where %s', (_, facts, verdict) => {
  expect(look(facts)).toEqual(verdict);
});

test('transactional mail ignores consent and marketing suppression, never a dead address', () => {
  const mail = { class: 'transactional' as const };
  expect(look({ ...mail, consent: 'withdrawn', withSales: true, suppressed: { kind: 'unsubscribe', scope: 'marketing' } })).toEqual({
    as: 'go',
  });
  expect(look({ ...mail, suppressed: { kind: 'bounce', scope: 'all' } })).toEqual({ as: 'suppressed', reason: 'address_dead' });
});

test('mail to reps is never suppressed', () => {
  expect(look({ class: 'internal', consent: 'withdrawn', withSales: true, suppressed: { kind: 'bounce', scope: 'all' } })).toEqual({
    as: 'go',
  });
});

test('the campaign has a word: not any more, or not yet', () => {
  expect(look({}, { reason: 'goal' })).toEqual({ as: 'cancelled', reason: 'goal' });
  expect(look({}, { notBefore: later })).toEqual({ as: 'queued', dueAt: later });
  expect(look({ suppressed: { kind: 'unsubscribe', scope: 'marketing' } }, { notBefore: later })).toMatchObject({ as: 'suppressed' });
});
