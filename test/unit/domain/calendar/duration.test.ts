import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Duration, duration, lengthMs, minus, offset, pause, plus, units, words } from '../../../../domain/calendar/duration.ts';
import { scoringSchema } from '../../../../domain/scoring/model.ts';

const at = new Date('2026-03-27T09:00:00Z');

test('a day keeps the wall time over the change to summer time; 24 hours do not', () => {
  expect(plus(at, '2d', 'Europe/Berlin')).toEqual(new Date('2026-03-29T08:00:00Z'));
  expect(plus(at, '48h', 'Europe/Berlin')).toEqual(new Date('2026-03-29T09:00:00Z'));
});

test('a month from the 31st is the last day of the next', () => {
  expect(plus(new Date('2026-01-31T12:00:00Z'), '1mo')).toEqual(new Date('2026-02-28T12:00:00Z'));
});

test('business days go over weekends and holidays, in both directions', () => {
  const calendar = { hours: { days: 'mon-fri', from: '09:00', to: '17:00' }, holidays: ['2026-03-30'] };
  expect(plus(at, '1bd', 'UTC', calendar)).toEqual(new Date('2026-03-31T09:00:00Z'));
  expect(minus(new Date('2026-03-31T09:00:00Z'), '1bd', 'UTC', calendar)).toEqual(at);
  expect(plus(new Date('2026-03-28T09:00:00Z'), '1bd', 'UTC')).toEqual(new Date('2026-03-30T09:00:00Z'));
});

test('nothing is longer than a hundred years, and business days are found so far', () => {
  for (const fine of ['36525d', '1200mo', '999999s', '100d', '-36525d', '2000bd']) expect(offset.safeParse(fine).success, fine).toBe(true);
  for (const wrong of ['36526d', '999999mo', '-999999bd', '999999h', '9999w']) expect(offset.safeParse(wrong).success, wrong).toBe(false);
  expect(duration.safeParse('999999mo').success).toBe(false);
  expect(plus(at, '36525bd').getUTCFullYear()).toBe(2166);
});

test('a duration is its own JSON', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.constantFrom(...units), (n, unit) => {
      const written: Duration = `${n}${unit}`;
      expect(duration.parse(JSON.parse(JSON.stringify(written)))).toBe(written);
    }),
  );
});

test('what is no duration is refused', () => {
  for (const wrong of ['', '5', 'm', '-5m', '1.5h', '2 d', '1y', '9999999d']) expect(duration.safeParse(wrong).success).toBe(false);
  expect(offset.parse('-90d')).toBe('-90d');
});

test('what is no duration is refused before anything counts with it', () => {
  for (const wrong of ['', '5', '999999mo']) {
    expect(pause.safeParse(wrong).error?.issues, wrong).toHaveLength(1);
    const model = { fit: { rules: [] }, engagement: { rules: [{ id: 'a', event: 'a', points: 1, halfLife: wrong }] } };
    expect(scoringSchema.safeParse(model).error?.issues.map(({ path }) => path.join('.'))).toContain('engagement.rules.0.halfLife');
  }
  expect(pause.safeParse('59s').success).toBe(false);
});

test('in words and in milliseconds', () => {
  expect(words('1h')).toBe('1 hour');
  expect(words('2bd')).toBe('2 business days');
  expect(lengthMs('1w')).toBe(7 * 86_400_000);
});
