import fc from 'fast-check';
import { expect, test } from 'vitest';
import { weekdays } from '../../../../domain/calendar/hours.ts';
import { nextTime } from '../../../../domain/calendar/next-time.ts';
import { wallAt } from '../../../../domain/calendar/zoned.ts';

const next = (at: string, time: string, zone: string, weekday?: (typeof weekdays)[number]): string =>
  nextTime(new Date(at), time, zone, weekday).toISOString();

test('later today, tomorrow when it has passed, now when it is just now', () => {
  expect(next('2026-03-02T07:00:00Z', '09:00', 'Europe/Berlin')).toBe('2026-03-02T08:00:00.000Z');
  expect(next('2026-03-02T08:00:00Z', '09:00', 'Europe/Berlin')).toBe('2026-03-02T08:00:00.000Z');
  expect(next('2026-03-02T08:00:01Z', '09:00', 'Europe/Berlin')).toBe('2026-03-03T08:00:00.000Z');
});

test('a weekday, and a zone in which it is another day already', () => {
  expect(next('2026-03-02T08:00:00Z', '10:00', 'Europe/Berlin', 'tue')).toBe('2026-03-03T09:00:00.000Z');
  expect(next('2026-03-02T20:00:00Z', '10:00', 'Pacific/Auckland', 'tue')).toBe('2026-03-02T21:00:00.000Z');
  expect(next('2026-03-03T09:00:01Z', '10:00', 'Europe/Berlin', 'tue')).toBe('2026-03-10T09:00:00.000Z');
});

test('a time that is skipped means as much later; one that comes twice means the first', () => {
  expect(next('2026-03-28T12:00:00Z', '02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(next('2026-10-24T12:00:00Z', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  expect(next('2026-10-25T01:15:00Z', '02:30', 'Europe/Berlin')).toBe('2026-10-26T01:30:00.000Z');
});

test('it is the first instant from then on, never more than a week (and an hour) away, and the wall clock shows the time', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC', 'Pacific/Apia');
  const time = fc
    .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
      time,
      zones,
      fc.option(fc.constantFrom(...weekdays), { nil: undefined }),
      (at, hour, zone, weekday) => {
        const found = nextTime(at, hour, zone, weekday);
        expect(found.getTime()).toBeGreaterThanOrEqual(at.getTime());
        expect(found.getTime() - at.getTime()).toBeLessThanOrEqual(((weekday ? 7 : 1) * 24 + 1) * 3_600_000);
        const wall = new Date(wallAt(found.getTime(), zone)).toISOString().slice(11, 16);
        const skipped = wall !== hour;
        if (skipped) expect(wallAt(found.getTime() - 3_600_000, zone)).toBeLessThanOrEqual(wallAt(found.getTime(), zone) - 3_600_000);
        else expect(wall).toBe(hour);
      },
    ),
    { numRuns: 300 },
  );
});
