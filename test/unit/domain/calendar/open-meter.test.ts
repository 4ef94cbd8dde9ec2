import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addOpenTime, always, type Hours } from '../../../../domain/calendar/hours.ts';
import { openMeter } from '../../../../domain/calendar/open-meter.ts';

const HOUR = 3_600_000;
const office: Hours = { days: 'mon-fri', from: '09:00', to: '17:00' };
const split: Hours = [
  { days: 'mon-thu', from: '08:30', to: '12:10' },
  { days: 'mon-fri', from: '13:05', to: '18:00' },
  { days: ['sat'], from: '22:00', to: '03:00' },
];
// Both changes of the clock in Berlin lie within.
const period = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-11-30T00:00:00Z') };
const instant = fc.date({ min: period.from, max: new Date('2026-11-01T00:00:00Z'), noInvalidDate: true }).map((at) => at.getTime());
const at = (iso: string): number => Date.parse(iso);

test('a lead that waits over the weekend has waited only while somebody was there', () => {
  const meter = openMeter(period, office, 'Europe/Berlin', ['2026-05-01']);
  expect(meter(at('2026-04-24T14:00:00Z'), at('2026-04-27T08:00:00Z'))).toBe(2 * HOUR);
  expect(meter(at('2026-04-30T14:30:00Z'), at('2026-05-04T07:00:00Z'))).toBe(HOUR / 2);
  expect(meter(at('2026-04-25T10:00:00Z'), at('2026-04-26T10:00:00Z'))).toBe(0);
  expect(meter(period.to.getTime(), period.from.getTime())).toBe(0);
  expect(openMeter({ from: period.to, to: period.to }, office, 'UTC')(period.from.getTime(), period.to.getTime())).toBe(0);
});

test('property: open time that is added is the open time that is measured, over summer time and holidays', () => {
  for (const hours of [office, split, always]) {
    const meter = openMeter(period, hours, 'Europe/Berlin', ['2026-05-01', '2026-10-03']);
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 60 * HOUR }), (from, ms) => {
        const until = addOpenTime(new Date(from), ms, hours, 'Europe/Berlin', ['2026-05-01', '2026-10-03']);
        expect(meter(from, until.getTime())).toBe(ms);
      }),
    );
  }
});

test('property: what is measured in two parts is measured in one', () => {
  const meter = openMeter(period, split, 'Asia/Kolkata');
  fc.assert(
    fc.property(instant, instant, instant, (...three) => {
      const [a, b, c] = three.toSorted((x, y) => x - y) as [number, number, number];
      expect(meter(a, b) + meter(b, c)).toBe(meter(a, c));
    }),
  );
});
