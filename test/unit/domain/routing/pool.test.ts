import { expect, test } from 'vitest';
import { inOrNot, type Load, poolFaults, poolBody, weightAt } from '../../../../domain/routing/pool.ts';

const at = (text: string): Date => new Date(text);
const calendar = { hours: { days: 'mon-fri', from: '09:00', to: '17:00' }, holidays: ['2026-12-25'] };
const load = (also: Partial<Load> = {}): Load => ({
  timezone: 'Europe/Berlin',
  hours: null,
  present: true,
  absentTo: null,
  roomOpen: Infinity,
  roomToday: Infinity,
  ...also,
});

test('who may be given leads, and if not from when on: away, full, not at work, full today', () => {
  const friday = at('2026-11-27T10:00:00Z');
  expect(inOrNot(load(), 'open', calendar, friday)).toBeNull();
  expect(inOrNot(load({ present: false, absentTo: at('2026-11-28T00:00:00Z') }), 'open', calendar, friday)).toEqual({
    why: 'away',
    from: at('2026-11-30T08:00:00Z'),
  });
  expect(inOrNot(load({ present: false }), 'always', calendar, friday)).toEqual({ why: 'away', from: null });
  expect(inOrNot(load({ roomOpen: 0 }), 'open', calendar, friday)).toEqual({ why: 'full', from: null });
  expect(inOrNot(load({ roomToday: 0 }), 'open', calendar, friday)).toEqual({ why: 'full_today', from: at('2026-11-30T08:00:00Z') });
  expect(inOrNot(load({ roomToday: 0 }), 'always', calendar, friday)).toEqual({ why: 'full_today', from: at('2026-11-27T23:00:00Z') });
});

test('working hours heed the calendar’s holidays and the rep’s own zone; who never works is never in', () => {
  const eve = at('2026-12-24T17:00:00Z');
  expect(inOrNot(load(), 'open', calendar, eve)).toEqual({ why: 'hours', from: at('2026-12-28T08:00:00Z') });
  expect(inOrNot(load({ timezone: 'America/New_York' }), 'open', calendar, eve)).toBeNull();
  expect(inOrNot(load(), 'always', calendar, eve)).toBeNull();
  const holidays = Array.from({ length: 900 }, (_, n) => new Date(eve.getTime() + n * 86_400_000).toISOString().slice(0, 10));
  expect(inOrNot(load(), 'open', { ...calendar, holidays }, eve)).toEqual({ why: 'hours', from: null });
});

test('who joins a pool with a ramp grows into their share, day by day', () => {
  const joinedAt = at('2026-11-02T09:00:00Z');
  const ramp = { from: '20%', over: '4w' } as const;
  const on = (text: string) => weightAt({ weight: 2, joinedAt }, ramp, at(text));
  expect(on('2026-11-02T20:00:00Z')).toBeCloseTo(0.4);
  expect(on('2026-11-03T08:59:00Z')).toBe(on('2026-11-02T09:00:00Z'));
  expect(on('2026-11-16T09:00:00Z')).toBeCloseTo(1.2);
  expect(on('2026-11-30T09:00:00Z')).toBe(2);
  expect(on('2027-11-30T09:00:00Z')).toBe(2);
  expect(weightAt({ weight: 2, joinedAt: null }, ramp, at('2026-11-02T09:00:00Z'))).toBe(2);
  expect(weightAt({ weight: 2, joinedAt }, undefined, at('2026-11-02T09:00:00Z'))).toBe(2);
});

test('a pool has only its own people, and waits for a pool that is there', () => {
  const reps = new Map([
    ['ana', { partner: null }],
    ['ole', { partner: 'Nord' }],
  ]);
  const faults = (body: object) =>
    poolFaults({ key: 'inside', ...poolBody.parse({ name: 'Inside', members: [], ...body }) }, reps, new Set(['inside', 'rest']));
  expect(faults({ members: [{ rep: 'ana' }], hold: { atMost: '4h', then: 'rest' } })).toEqual([]);
  expect(faults({ members: [{ rep: 'ole' }, { rep: 'zoe' }], hold: { atMost: '4h', then: 'inside' } }).map(({ path }) => path)).toEqual([
    'members.0.rep',
    'members.1.rep',
    'hold.then',
  ]);
  expect(faults({ partner: { name: 'Nord', returnAfter: '5bd' }, members: [{ rep: 'ole' }] })).toEqual([]);
  expect(faults({ partner: { name: 'Nord', returnAfter: '5bd' }, members: [{ rep: 'ana' }] })[0]).toMatchObject({
    reason: "'ana' is one of us",
  });
  expect(faults({ hold: { atMost: '4h', then: 'nowhere' } })[0]).toMatchObject({ path: 'hold.then' });
});
