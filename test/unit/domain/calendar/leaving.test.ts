import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Calendar, calendarDocument, calendarOf, plainCalendar } from '../../../../domain/calendar/calendar.ts';
import { isOpen } from '../../../../domain/calendar/hours.ts';
import { leadCountry } from '../../../../domain/calendar/lead-zone.ts';
import { nextLeaving } from '../../../../domain/calendar/leaving.ts';
import { beginOf, endOf } from '../../../../domain/calendar/moment.ts';
import { dateAt, wallAt } from '../../../../domain/calendar/zoned.ts';

const window = { days: 'mon-fri', from: '09:00', to: '17:00' } as const;
const calendar = calendarOf(
  calendarDocument.parse({
    holidays: { DE: ['2026-10-03', { date: '2026-12-26', name: 'Zweiter Weihnachtstag' }], US: ['2026-11-26'], all: ['2026-12-25'] },
    pauses: [{ from: '2026-07-20', to: '2026-08-02', reason: 'summer break' }],
  }),
  'DE',
);
const leaves = (now: string, country: string | null, zone = 'UTC', of: Calendar = calendar) => {
  const { at, shut } = nextLeaving(new Date(now), { window, zone, country, calendar: of });
  return { at: at.toISOString(), shut };
};

test('a public holiday holds the mail where it is one, and nowhere else; the firm’s own business days are those of its country', () => {
  expect(leaves('2026-11-26T15:00:00Z', 'US')).toEqual({ at: '2026-11-27T09:00:00.000Z', shut: { by: 'holiday', date: '2026-11-26' } });
  expect(leaves('2026-11-26T15:00:00Z', 'DE')).toEqual({ at: '2026-11-26T15:00:00.000Z', shut: null });
  expect(leaves('2026-12-25T10:00:00Z', 'CN').shut).toEqual({ by: 'holiday', date: '2026-12-25' });
  // Nobody knows where: the workspace's.
  expect(leaves('2026-10-02T18:00:00Z', null)).toEqual({ at: '2026-10-05T09:00:00.000Z', shut: { by: 'window' } });
  expect(calendar.holidays).toEqual(['2026-12-25', '2026-10-03', '2026-12-26']);
});

test('pause dates hold all marketing, with the reason, and at any hour', () => {
  expect(leaves('2026-07-21T10:00:00Z', 'FR')).toEqual({
    at: '2026-08-03T09:00:00.000Z',
    shut: { by: 'pause', date: '2026-07-21', reason: 'summer break' },
  });
  const anytime = nextLeaving(new Date('2026-07-21T10:00:00Z'), { window: null, zone: 'Asia/Kolkata', country: null, calendar });
  expect(anytime.at.toISOString()).toBe('2026-08-02T18:30:00.000Z');
});

test('what was put off until a window that is a holiday says the holiday', () => {
  expect(leaves('2026-11-25T18:00:00Z', 'US')).toEqual({ at: '2026-11-27T09:00:00.000Z', shut: { by: 'holiday', date: '2026-11-26' } });
});

test('the country is the one written down, else the phone’s', () => {
  expect(leadCountry({ country: 'AT', phone: '+4930123456' })).toBe('AT');
  expect(leadCountry({ country: null, phone: '+4930123456' })).toBe('DE');
  expect(leadCountry({ country: null, phone: null })).toBeNull();
});

// Changes of 2026: New York 8 March, Berlin 29 March and 25 October, Lord Howe (half an hour) 5 April and 4 October; Kolkata never changes.
const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata'];

test('on days on which the clock changes the window opens at nine and shuts at five by the wall, in both directions', () => {
  const opening = (zone: string, before: string) => leaves(before, null, zone, plainCalendar).at;
  expect(opening('America/New_York', '2026-03-06T23:00:00Z')).toBe('2026-03-09T13:00:00.000Z');
  expect(opening('Europe/Berlin', '2026-03-27T17:00:00Z')).toBe('2026-03-30T07:00:00.000Z');
  expect(opening('Europe/Berlin', '2026-10-23T16:00:00Z')).toBe('2026-10-26T08:00:00.000Z');
  expect(opening('Australia/Lord_Howe', '2026-04-03T08:00:00Z')).toBe('2026-04-05T22:30:00.000Z');
  expect(opening('Australia/Lord_Howe', '2026-10-02T08:00:00Z')).toBe('2026-10-04T22:00:00.000Z');
  expect(opening('Asia/Kolkata', '2026-03-06T12:00:00Z')).toBe('2026-03-09T03:30:00.000Z');
});

test('whenever and wherever: it leaves in an open hour of an open day, never before now, and never later than the first such', () => {
  const night = { days: 'sat-mon', from: '22:00', to: '03:30' } as const;
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      fc.constantFrom(...zones),
      fc.constantFrom(window, night, { days: 'mon-sun', from: '00:00', to: '24:00' } as const),
      fc.constantFrom('DE', 'US', null),
      (now, zone, hours, country) => {
        const { at, shut } = nextLeaving(now, { window: hours, zone, country, calendar });
        expect(at.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(shut === null).toBe(at.getTime() === now.getTime());
        expect(isOpen(at, hours, zone)).toBe(true);
        if (hours.from < hours.to) {
          const date = dateAt(at, zone);
          expect(date >= '2026-07-20' && date <= '2026-08-02').toBe(false);
          expect(date).not.toBe('2026-12-25');
        }
        if (shut?.by === 'window' && at.getTime() - now.getTime() > 60_000)
          expect(isOpen(new Date(at.getTime() - 60_000), hours, zone)).toBe(false);
        expect(wallAt(at.getTime(), zone)).toBeDefined();
      },
    ),
    { numRuns: 300 },
  );
});

test('a date begins and ends with the day of the zone; a local time is read there, an instant is itself', () => {
  expect(beginOf('2026-03-29', 'Europe/Berlin').toISOString()).toBe('2026-03-28T23:00:00.000Z');
  expect(endOf('2026-03-29', 'Europe/Berlin').toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(beginOf('2026-12-01T09:00', 'America/New_York').toISOString()).toBe('2026-12-01T14:00:00.000Z');
  expect(beginOf('2026-12-01T09:00:00Z', 'America/New_York').toISOString()).toBe('2026-12-01T09:00:00.000Z');
  expect(endOf('2026-12-01T09:00:00+08:00', 'UTC').toISOString()).toBe('2026-12-01T01:00:00.000Z');
});
