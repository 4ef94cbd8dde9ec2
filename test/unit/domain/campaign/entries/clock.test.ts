import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doorsOf } from '../../../../../domain/campaign/doors.ts';
import { nextOccurrence, type Times } from '../../../../../domain/campaign/entries/schedule.ts';
import { lint } from '../../../../../domain/campaign/lint.ts';

const BERLIN = 'Europe/Berlin';
const next = (given: Times, from: string, zone = BERLIN) => nextOccurrence(given, new Date(from), zone)?.toISOString() ?? null;

test('once: at its moment, in the zone, and then never', () => {
  expect(next({ at: '2026-12-01T09:00' }, '2026-03-02T00:00:00Z')).toBe('2026-12-01T08:00:00.000Z');
  expect(next({ at: '2026-12-01T09:00' }, '2026-12-01T08:00:00.001Z')).toBeNull();
});

test('every week on its days, at the same wall time over a change to summer time', () => {
  const weekly: Times = { every: { weekday: ['tue', 'thu'], at: '09:00' } };
  expect(next(weekly, '2026-03-24T08:00:00Z')).toBe('2026-03-24T08:00:00.000Z');
  expect(next(weekly, '2026-03-24T08:00:01Z')).toBe('2026-03-26T08:00:00.000Z');
  expect(next(weekly, '2026-03-27T00:00:00Z')).toBe('2026-03-31T07:00:00.000Z');
});

test('every month; a day that a month does not have is its last', () => {
  expect(next({ monthly: { day: 31, at: '10:00' } }, '2026-02-01T00:00:00Z', 'UTC')).toBe('2026-02-28T10:00:00.000Z');
  expect(next({ monthly: { day: 'last', at: '10:00' } }, '2026-02-28T10:00:01Z', 'UTC')).toBe('2026-03-31T10:00:00.000Z');
  expect(next({ monthly: { day: 1, at: '10:00' } }, '2026-12-01T10:00:01Z', 'UTC')).toBe('2027-01-01T10:00:00.000Z');
});

test('times of a schedule go forward and leave none out, in any zone', () => {
  const times = fc.oneof(
    fc.record({
      every: fc.record({ weekday: fc.constantFrom('mon', 'tue-thu', 'sat-sun'), at: fc.constantFrom('00:00', '02:30', '23:59') }),
    }),
    fc.record({
      monthly: fc.record({
        day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant('last' as const)),
        at: fc.constantFrom('00:00', '02:30'),
      }),
    }),
  );
  const zones = fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata');
  const from = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(times, zones, from, (given, zone, at) => {
      const first = nextOccurrence(given, at, zone)!;
      const second = nextOccurrence(given, new Date(first.getTime() + 1), zone)!;
      expect(first >= at).toBe(true);
      expect(second > first).toBe(true);
      expect(nextOccurrence(given, first, zone)).toEqual(first);
    }),
    { numRuns: 60 },
  );
});

test('doors keep their names when entries are moved about; two of the same date are told apart', () => {
  const renewal = { date: 'contract.ends_at', offset: '-90d' };
  const event = { event: 'signed_up' };
  const names = (entries: object[]) => doorsOf(entries as never).map(({ door, position }) => [door, position]);
  expect(names([renewal, event])).toEqual([['contract.ends_at', 0]]);
  expect(names([event, renewal, renewal])).toEqual([
    ['contract.ends_at', 1],
    ['contract.ends_at #2', 2],
  ]);
});

test('entries by the clock that cannot be meant so are faults', () => {
  const around = { segment: () => ({ tag: 'x' }), hasTemplate: () => true, hasPool: () => true, hasTopic: () => true };
  const faults = (entry: object) =>
    lint({ key: 'k', name: 'K', topic: 't', entry, steps: [{ id: 'w', wait: '1d' }] }, around as never).findings.map(
      ({ level, path }) => `${level} ${path}`,
    );
  expect(faults({ date: 'contract.ends_at', offset: '-90d' })).toEqual([]);
  expect(faults({ date: 'account.renewal' })).toEqual(['warning entry.0']);
  expect(faults({ date: 'lead.trial_ends', people: { max: 1 } })).toEqual(['error entry.0']);
  expect(faults({ date: 'contract.ends_at', people: { ifNone: 'task' } })).toEqual(['error entry.0']);
  expect(faults({ date: 'lead.trial_ends', guests: ['invited'] })).toEqual(['error entry.0']);
  expect(faults({ date: 'birthday' })).toEqual(['error entry.0.date']);
  expect(faults({ date: 'lead.created_at', offset: '7d' })).toEqual(['error entry.0']);
  expect(faults({ schedule: { every: { weekday: 'tue' } }, segment: 's' })).toEqual([]);
  expect(faults({ schedule: { every: { weekday: 'tue', at: '24:00' } }, segment: 's' })[0]).toMatch('error entry.0.schedule');
  expect(faults({ schedule: { at: '2026-12-01T09:00' } })).toEqual(['error entry.0.segment']);
});
