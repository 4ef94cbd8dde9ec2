import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addOpenTime, type Hours, hours, isOpen, nextOpen, type Weekday, weekdays } from '../../../../domain/calendar/hours.ts';

const MINUTE = 60_000;
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Pacific/Apia',
];

/** Open or not, told by another clock than ours: the wall time that Intl shows. */
function openByWallClock(at: number, given: Hours, zone: string, holidays: readonly string[]): boolean {
  const parts = Object.fromEntries(
    formatter(zone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const minute = (Number(parts.hour) % 24) * 60 + Number(parts.minute);
  const yesterday = new Date(Date.parse(date) - 24 * 60 * MINUTE).toISOString().slice(0, 10);
  return [given].flat().some(({ days, from, to }) => {
    const [start, end] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) as [number, number];
    const works = (day: string) => (days as Weekday[]).includes(weekdays[(new Date(day).getUTCDay() + 6) % 7]!) && !holidays.includes(day);
    if (start < end) return works(date) && minute >= start && minute < end;
    return (works(date) && minute >= start) || (works(yesterday) && minute < end);
  });
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(timeZone, made);
  return made;
}

const quarter = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
const block = fc
  .record({ days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }), from: quarter, to: quarter })
  .filter(({ from, to }) => from !== to);
/** Around the changes of 2026 in all these zones, and the day that Samoa left out. */
const start = fc
  .tuple(
    fc.constantFrom(
      '2026-03-07',
      '2026-03-28',
      '2026-04-04',
      '2026-04-23',
      '2026-10-03',
      '2026-10-24',
      '2026-10-29',
      '2026-10-31',
      '2011-12-29',
      '2017-10-14',
    ),
    fc.integer({ min: 0, max: 2 * 24 * 60 }),
  )
  .map(([date, minute]) => Date.parse(date) + minute * MINUTE);
const holidays = fc.uniqueArray(fc.constantFrom('2026-03-29', '2026-10-25', '2026-10-26', '2026-11-01', '2026-03-08'), { maxLength: 3 });
const someHours = fc.oneof(block, fc.array(block, { minLength: 1, maxLength: 3 }));

describe('hours agree with the wall clock, minute by minute, over every change of summer time', () => {
  test('the next opening is the first open minute', () => {
    fc.assert(
      fc.property(start, someHours, fc.constantFrom(...zones), holidays, (at, given, zone, off) => {
        let brute = at;
        for (let n = 0; n < 40_320 && !openByWallClock(brute, given, zone, off); n++) brute += MINUTE;
        expect(nextOpen(new Date(at), given, zone, off)).toEqual(new Date(brute));
        expect(isOpen(new Date(at), given, zone, off)).toBe(brute === at);
      }),
      { numRuns: 60 },
    );
  });

  test('open time is added up from the open minutes alone', () => {
    fc.assert(
      fc.property(
        start,
        someHours,
        fc.constantFrom(...zones),
        holidays,
        fc.integer({ min: 1, max: 900 }),
        (at, given, zone, off, length) => {
          let brute = at;
          let left = length;
          for (let n = 0; left > 0 && n < 100_000; n++, brute += MINUTE) if (openByWallClock(brute, given, zone, off)) left--;
          // A quarter of an hour a week makes 900 minutes last longer than anybody counts them one by one.
          fc.pre(left === 0);
          expect(addOpenTime(new Date(at), length * MINUTE, given, zone, off)).toEqual(new Date(brute));
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('Friday half past four plus an hour is Monday half past nine', () => {
  const office: Hours = hours.parse({ days: 'mon-fri', from: '09:00', to: '17:00' });
  expect(addOpenTime(new Date('2026-03-27T15:30:00Z'), 60 * MINUTE, office, 'Europe/Berlin')).toEqual(new Date('2026-03-30T07:30:00Z'));
});

test('what opens on Friday night is closed on Saturday before dawn, whatever Saturday is', () => {
  const night = hours.parse({ days: ['fri'], from: '22:00', to: '02:00' });
  expect(isOpen(new Date('2026-05-02T01:00:00Z'), night, 'UTC', ['2026-05-02'])).toBe(true);
  expect(isOpen(new Date('2026-05-02T01:00:00Z'), night, 'UTC', ['2026-05-01'])).toBe(false);
});

test('hours that never open are refused rather than searched for ever', () => {
  expect(hours.safeParse({ days: 'mon', from: '09:00', to: '09:00' }).success).toBe(false);
  expect(hours.safeParse({ days: 'mon-fun', from: '09:00', to: '10:00' }).success).toBe(false);
});
