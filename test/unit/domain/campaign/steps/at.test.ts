import { describe, expect, test } from 'vitest';
import { dateRef } from '../../../../../domain/campaign/dates.ts';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf } from '../../../../support/deciding.ts';

const block = (more: object = {}) =>
  planOf([
    { id: 'r', at: { date: 'occasion.starts_at', offset: '-1h', ...more }, steps: [{ id: 'soon', wait: '5h' }] },
    { id: 'after', wait: '1d' },
  ]);
const starts = (at: string) => ({ dates: { 'occasion.starts_at': new Date(at) } });
const came = '2026-03-02T09:00:00Z';

test('it waits for the moment, then goes into its steps as of that moment', () => {
  const plan = block();
  const waiting = look(plan, arrived(plan, came), starts('2026-03-05T15:00:00Z'), came);
  expect(waiting.decision).toMatchObject({ dueAt: new Date('2026-03-05T14:00:00Z'), position: { waiting: 'at:2026-03-05T14:00:00.000Z' } });
  const there = look(plan, waiting.enrolment, starts('2026-03-05T15:00:00Z'), '2026-03-05T14:00:20Z');
  expect(there.enrolment).toMatchObject({ stepId: 'soon', arrivedAt: new Date('2026-03-05T14:00:00Z') });
});

test('who comes too late skips the whole block, or goes into it at once', () => {
  const skip = look(block(), arrived(block(), came), starts('2026-03-02T09:30:00Z'), came);
  expect(skip.enrolment.stepId).toBe('after');
  expect(ruleWords(skip.decision.journal[0]!.because)).toBe('the steps at 1h before occasion.starts_at are skipped: it has passed');
  const now = look(block({ ifPast: 'now' }), arrived(block(), came), starts('2026-03-02T09:30:00Z'), came);
  expect(now.enrolment).toMatchObject({ stepId: 'soon', arrivedAt: new Date(came) });
});

test('a day that its month does not have is no date', () => {
  const plan = planOf([
    { id: 'r', at: { date: 'lead.ends', ifPast: 'now' }, steps: [{ id: 'soon', wait: '5h' }] },
    { id: 'after', wait: '1d' },
  ]);
  const at = (ends: string) => look(plan, arrived(plan, came), { lead: { ends } }, came).enrolment.stepId;
  expect(at('2026-02-28')).toBe('soon');
  for (const ends of ['2026-02-30', '2025-02-29T10:00', '0000-00-00', '2026-13-01']) expect(at(ends), ends).toBe('after');
  expect(dateRef.safeParse('2026-02-30').success).toBe(false);
});

test('a look that is late is not a lead that is late', () => {
  const { enrolment } = look(block(), arrived(block(), came), starts('2026-03-02T10:30:00Z'), '2026-03-02T12:00:00Z');
  expect(enrolment.stepId).toBe('soon');
});

describe('when the date moves while they wait', () => {
  const before = starts('2026-03-05T15:00:00Z');
  const moved = (ifMoved: string, after: object, now: string, ifPast = 'skip') => {
    const plan = block({ ifMoved, ifPast });
    return look(plan, look(plan, arrived(plan, came), before, came).enrolment, after, now);
  };

  test('rearm waits for the new one, also from the other side', () => {
    const later = moved('rearm', starts('2026-03-09T15:00:00Z'), '2026-03-03T09:00:00Z');
    expect(later.decision).toMatchObject({ dueAt: new Date('2026-03-09T14:00:00Z'), position: { waiting: 'at:2026-03-09T14:00:00.000Z' } });
    expect(ruleWords(later.last)).toBe('1h before occasion.starts_at is 9 March 2026, 14:00 UTC (moved from 5 March 2026, 14:00 UTC)');
    expect(moved('rearm', starts('2026-03-03T08:00:00Z'), '2026-03-03T09:00:00Z').enrolment.stepId).toBe('after');
    expect(moved('rearm', starts('2026-03-03T08:00:00Z'), '2026-03-03T09:00:00Z', 'now').enrolment.stepId).toBe('soon');
  });
  test('keep goes at the old one', () => {
    expect(moved('keep', starts('2026-03-09T15:00:00Z'), '2026-03-03T09:00:00Z').decision.dueAt).toEqual(new Date('2026-03-05T14:00:00Z'));
    expect(moved('keep', {}, '2026-03-05T14:00:00Z').enrolment.stepId).toBe('soon');
  });
  test('exit leaves', () => {
    expect(moved('exit', starts('2026-03-09T15:00:00Z'), '2026-03-03T09:00:00Z').decision.ended).toEqual({
      state: 'exited',
      reason: 'date_moved',
    });
  });
  test('taken away, it is waited for no longer', () => {
    expect(moved('rearm', {}, '2026-03-03T09:00:00Z').enrolment.stepId).toBe('after');
  });
});

test.each([
  ['lead.visit', { lead: { visit: '2026-03-05' } }, {}, '2026-03-04T23:00:00.000Z'],
  ['account.renewal', { account: { renewal: '2026-03-05T10:00' } }, {}, '2026-03-05T09:00:00.000Z'],
  ['$entry.on', {}, { on: '2026-03-05T10:00:00+01:00' }, '2026-03-05T09:00:00.000Z'],
  ['2026-03-05T10:00:00Z', {}, {}, '2026-03-05T10:00:00.000Z'],
])('a date may stand in %s', (date, known, entry, dueAt) => {
  const plan = planOf([{ id: 'r', at: { date }, steps: [] }]);
  expect(look(plan, arrived(plan, came, { entry }), known, came).decision.dueAt?.toISOString()).toBe(dueAt);
});

test.each(['tomorrow', 'webinar.starts_at', '2026-13-45', ''])('%j is no date', (date) => {
  expect(() => planOf([{ id: 'r', at: { date }, steps: [] }])).toThrow('is not a date');
});
