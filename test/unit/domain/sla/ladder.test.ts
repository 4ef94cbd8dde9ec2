import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addOpenTime, type Hours } from '../../../../domain/calendar/hours.ts';
import { policyOf, slaDocument } from '../../../../domain/sla/document.ts';
import { actionAt, after, firstLook, nextRung, workTime } from '../../../../domain/sla/ladder.ts';

const office: Hours = { days: 'mon-fri', from: '09:00', to: '17:00' };
const calendar = { hours: office, holidays: ['2026-12-25'] };
const sla = slaDocument.parse({});
const policy = policyOf(sla, 'inside');
const berlin = workTime(sla, { hours: null, timezone: 'Europe/Berlin' }, calendar);

test('what is offered on Friday evening is nudged on Monday at five past nine, in the rep’s own zone', () => {
  expect(firstLook(policy, 'offered', new Date('2026-11-20T19:00:00Z'), berlin)).toEqual(new Date('2026-11-23T08:05:00Z'));
  const tokyo = workTime(sla, { hours: null, timezone: 'Asia/Tokyo' }, calendar);
  expect(firstLook(policy, 'offered', new Date('2026-11-20T19:00:00Z'), tokyo)).toEqual(new Date('2026-11-23T00:05:00Z'));
});

test('a rep’s own hours come before the workspace’s; a document may say always', () => {
  const night = workTime(sla, { hours: { days: 'mon-sun', from: '18:00', to: '20:00' }, timezone: 'UTC' }, calendar);
  expect(firstLook(policy, 'offered', new Date('2026-11-21T10:00:00Z'), night)).toEqual(new Date('2026-11-21T18:05:00Z'));
  const round = workTime(slaDocument.parse({ hours: 'always' }), { hours: office, timezone: 'UTC' }, calendar);
  expect(firstLook(policy, 'offered', new Date('2026-12-25T03:00:00Z'), round)).toEqual(new Date('2026-12-25T03:05:00Z'));
});

test('however late each rung is looked at, it falls due at its own length of working time after the offer', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }), (offered) => {
      let due = firstLook(policy, 'offered', offered, berlin);
      policy.offered.forEach((rung, n) => {
        expect(due).toEqual(after(offered, rung.after, berlin));
        due = nextRung(policy, { state: 'offered', rung: n, since: offered, due }, berlin);
      });
    }),
  );
});

test('after a reassignment the next rep has the time between the two rungs, by their own clock', () => {
  const offered = new Date('2026-11-23T09:00:00Z');
  const reassigned = new Date('2026-11-23T09:30:00Z');
  const newYork = workTime(sla, { hours: null, timezone: 'America/New_York' }, calendar);
  expect(nextRung(policy, { state: 'offered', rung: 2, since: offered, due: reassigned }, newYork)).toEqual(
    addOpenTime(reassigned, 30 * 60_000, office, 'America/New_York'),
  );
});

test('above the last rung somebody is reminded again and again: nobody is forgotten', () => {
  const friday = new Date('2026-11-20T13:00:00Z');
  expect(actionAt(policy, 'offered', 5)).toBe('manager');
  expect(nextRung(policy, { state: 'offered', rung: 7, since: friday, due: friday }, berlin)).toEqual(new Date('2026-11-23T13:00:00Z'));
  expect(actionAt(policy, 'touched', 3)).toBe('nudge');
});

test('a pool may differ in part', () => {
  const service = policyOf(slaDocument.parse({ pools: { service: { offered: [{ after: '2h', do: 'manager' }] } } }), 'service');
  expect(service.offered).toHaveLength(1);
  expect(service.accepted).toEqual(policy.accepted);
});

test('a ladder that does not rise, or counts days where hours are meant, is refused', () => {
  expect(
    slaDocument.safeParse({
      offered: [
        { after: '1h', do: 'nudge' },
        { after: '30m', do: 'manager' },
      ],
    }).success,
  ).toBe(false);
  expect(slaDocument.safeParse({ offered: [{ after: '1bd', do: 'nudge' }] }).success).toBe(false);
});

test('hours and holidays that leave nobody at work: the promise runs by the wall, and the lead is looked after all the same', () => {
  const monday = new Date('2026-11-23T09:00:00Z');
  const days = Array.from({ length: 1_200 }, (_, n) => new Date(monday.getTime() + n * 86_400_000).toISOString().slice(0, 10));
  const never = workTime(sla, { hours: null, timezone: 'Europe/Berlin' }, { hours: office, holidays: days });
  expect(firstLook(policy, 'offered', monday, never)).toEqual(new Date('2026-11-23T09:05:00Z'));
  expect(nextRung(policy, { state: 'offered', rung: 0, since: monday, due: monday }, never)).toEqual(new Date('2026-11-23T09:10:00Z'));
  expect(after(monday, '2bd', never).getTime()).toBeGreaterThan(monday.getTime());
});

test('reminders that come again and again are a minute apart at least, whatever the document says', () => {
  expect(slaDocument.safeParse({ again: { offered: '0s', accepted: '1bd', touched: '2w' } }).error?.issues).toMatchObject([
    { path: ['again', 'offered'], message: 'is shorter than a minute' },
  ]);
  expect(slaDocument.safeParse({ retry: '59s' }).success).toBe(false);
  expect(slaDocument.safeParse({ pools: { inside: { again: { offered: '1m', accepted: '1m', touched: '1m' } } } }).success).toBe(true);
});
