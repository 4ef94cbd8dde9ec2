import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DayUse, dayGate } from '../../../../domain/deliverability/day-gate.ts';
import { type AtGate, pass, type Passage, type Place } from '../../../../domain/deliverability/pass.ts';
import { burstOf, openGate, rateGate, type RateUse } from '../../../../domain/deliverability/rate-gate.ts';
import { budgetOn, dayAfter } from '../../../../domain/deliverability/warm-up.ts';

const MINUTE = 60_000;
const warmUp = { from: '2026-03-02', start: 5, growth: '50%', until: 60 };
const MONDAY = Date.parse('2026-03-02T00:00:00Z');
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

test('the budget never shrinks from day to day, begins with the start and ends with the domain warm', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 2, max: 100_000 }),
      (start, growth, until) => {
        const ramp = { from: '2026-01-31', start, growth: `${growth}%`, until };
        let day = ramp.from;
        let before = 0;
        expect(budgetOn(ramp, '2025-12-01')).toBe(budgetOn(ramp, ramp.from));
        for (let n = 0; n < 40; n++, day = dayAfter(day)) {
          const budget = budgetOn(ramp, day) ?? Infinity;
          if (n === 0 && start < until) expect(budget).toBe(start);
          expect(budget).toBeGreaterThanOrEqual(before);
          if (budget !== Infinity) expect(budget).toBeLessThan(until);
          before = budget;
        }
      },
    ),
    { numRuns: 50 },
  );
  expect(['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-08', '2026-03-09'].map((day) => budgetOn(warmUp, day))).toEqual([
    5,
    7,
    11,
    56,
    null,
  ]);
});

/** Mails, gates and a clock: every mail comes when it is due, in batches as they fall. */
function world(perMinute: number) {
  const days = new Map<string, DayUse>();
  let rate: RateUse = openGate(perMinute, MONDAY);
  const waiting = new Map<string, AtGate>();
  const went: { id: string; at: number; always: boolean; priority: number }[] = [];
  const heldTimes = new Map<string, number>();

  function look(now: number, ids: readonly string[]): Passage[] {
    const gate = dayGate(warmUp, dateOf(now), days, 'UTC');
    const provider = rateGate(perMinute, rate, now);
    const batch = ids.map((id) => waiting.get(id)!);
    const passages = pass(batch, { days: new Map([['d', gate]]), rates: new Map([['r', provider]]) }, new Date(now));
    for (const one of passages) {
      const mail = waiting.get(one.id)!;
      if (one.go) {
        waiting.delete(one.id);
        went.push({ id: one.id, at: now, always: mail.warmUp?.always ?? false, priority: mail.priority });
      } else {
        waiting.set(one.id, { ...mail, place: one.place, dueAt: one.dueAt });
        heldTimes.set(one.id, (heldTimes.get(one.id) ?? 0) + 1);
      }
    }
    rate = provider.use();
    return passages;
  }
  return { days, waiting, went, heldTimes, look };
}

const mailOf = (id: string, now: number, over: Partial<AtGate> = {}): AtGate => ({
  id,
  priority: 50,
  dueAt: new Date(now),
  paused: false,
  warmUp: { domain: 'd', always: false },
  rate: 'r',
  place: null,
  ...over,
});

const arrivals = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 36 * 60 }),
    count: fc.integer({ min: 1, max: 25 }),
    priority: fc.constantFrom(50, 50, 50, 20, 90),
    always: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 1, maxLength: 10 },
);

test('no mail is lost, no day lets more through than its budget, no stretch of minutes more than the rate, however the batches are cut', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 30 }), fc.constantFrom(0.5, 1, 6, 60, 70), (given, size, perMinute) => {
      const firm = world(perMinute);
      const comes = given.map((one, n) => ({ ...one, at: MONDAY + one.after * MINUTE, n })).toSorted((a, b) => a.at - b.at);
      let total = 0;
      let now = MONDAY;
      for (let looks = 0; comes.length > 0 || firm.waiting.size > 0; looks++) {
        expect(looks).toBeLessThan(5_000);
        now = Math.max(now, Math.min(comes[0]?.at ?? Infinity, ...[...firm.waiting.values()].map((mail) => mail.dueAt.getTime())));
        while (comes[0] && comes[0].at <= now) {
          const { count, priority, always, n } = comes.shift()!;
          for (let i = 0; i < count; i++)
            firm.waiting.set(`${n}-${i}`, mailOf(`${n}-${i}`, now, { priority, warmUp: { domain: 'd', always } }));
          total += count;
        }
        const due = [...firm.waiting.values()].filter((mail) => mail.dueAt.getTime() <= now).map((mail) => mail.id);
        for (let i = 0; i < due.length; i += size) {
          const ids = due.slice(i, i + size);
          const passages = firm.look(now, ids);
          expect(passages.map((one) => one.id).toSorted()).toEqual(ids.toSorted());
          for (const one of passages) if (!one.go) expect(one.dueAt.getTime()).toBeGreaterThan(now);
        }
      }
      expect(firm.went).toHaveLength(total);
      expect(new Set(firm.went.map((one) => one.id)).size).toBe(total);
      for (const day of new Set(firm.went.map((one) => dateOf(one.at)))) {
        const marketing = firm.went.filter((one) => dateOf(one.at) === day && !one.always).length;
        expect(marketing).toBeLessThanOrEqual(budgetOn(warmUp, day) ?? Infinity);
        if (budgetOn(warmUp, day) !== null) expect(firm.days.get(day)?.used).toBe(firm.went.filter((one) => dateOf(one.at) === day).length);
      }
      for (const first of firm.went) {
        for (const minutes of [1, 10, 100]) {
          const within = firm.went.filter((one) => one.at >= first.at && one.at < first.at + minutes * MINUTE).length;
          expect(within).toBeLessThanOrEqual(perMinute * minutes + burstOf(perMinute) + 1e-6);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('who waits goes before newcomers of the same priority; a mail of a higher one needs not stand in the line', () => {
  const firm = world(6);
  const put = (id: string, over: Partial<AtGate> = {}) => firm.waiting.set(id, mailOf(id, MONDAY, { warmUp: null, ...over }));
  for (let i = 0; i < 20; i++) put(`a${String(i).padStart(2, '0')}`);
  firm.look(MONDAY, [...firm.waiting.keys()]);
  expect(firm.went.map((one) => one.id)).toEqual(['a00']);

  const soon = MONDAY + 60_000;
  put('late', { dueAt: new Date(soon) });
  put('hot', { priority: 90, dueAt: new Date(soon) });
  const [hot, late] = ['hot', 'late'].map((id) => firm.look(soon, [id])[0]!);
  expect(hot).toMatchObject({ go: true });
  expect(late).toMatchObject({ go: false, by: 'provider_throttle' });
  expect(Math.max(...[...firm.waiting.values()].map((mail) => mail.dueAt.getTime()))).toBe(firm.waiting.get('late')!.dueAt.getTime());
});

test('a mail that comes back on the day it was counted is not counted twice', () => {
  const days = new Map<string, DayUse>();
  const gone: Place = { domain: 'd', day: '2026-03-02', gone: true, rate: null };
  days.set('2026-03-02', { used: 5, promised: 0, priority: null });
  const gate = dayGate(warmUp, '2026-03-02', days, 'UTC');
  const gates = { days: new Map([['d', gate]]), rates: new Map() };
  const [again, fresh] = pass(
    [mailOf('again', MONDAY, { rate: null, place: gone }), mailOf('fresh', MONDAY, { rate: null })],
    gates,
    new Date(MONDAY),
  );
  expect(again).toMatchObject({ go: true, place: gone });
  expect(fresh).toMatchObject({ go: false, by: 'warm_up', place: { day: '2026-03-03', gone: false } });
  expect(days.get('2026-03-02')!.used).toBe(5);
});

test('those put off come due over the working day, not in one burst at midnight', () => {
  const days = new Map<string, DayUse>([['2026-03-02', { used: 5, promised: 0, priority: null }]]);
  const gate = dayGate(warmUp, '2026-03-02', days, 'Europe/Berlin');
  const due = Array.from({ length: 8 }, () => gate.putOff({ priority: 50, always: false, place: null }).dueAt.toISOString());
  expect(due[0]).toBe('2026-03-03T07:00:00.000Z');
  expect(due.slice(0, 7).every((at, i) => i === 0 || at > due[i - 1]!)).toBe(true);
  expect(due[6]! < '2026-03-03T17:00:00.000Z').toBe(true);
  expect(due[7]).toBe('2026-03-04T07:00:00.000Z');
});
