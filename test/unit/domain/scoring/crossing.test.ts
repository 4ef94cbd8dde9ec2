import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextCrossing } from '../../../../domain/scoring/crossing.ts';
import { type Curve, curveOf, engagementAt } from '../../../../domain/scoring/engagement.ts';
import { bandOf, nextLevel } from '../../../../domain/scoring/levels.ts';
import { DAY, deeds, HOUR, levels, NOW, rules } from './arbitraries.ts';

const term = (weight: number, halfLife: number, { sign = 1, cap = Infinity }: { sign?: 1 | -1; cap?: number } = {}): Curve[number] => ({
  rule: 'r',
  event: 'e',
  sign,
  cap,
  halfLife,
  count: 1,
  since: NOW,
  weight,
});
const crossing = (curve: Curve, level: string, watched: number[] = []): number | null =>
  nextCrossing(curve, bandOf(levels, level, engagementAt(curve, NOW), watched), NOW);

test('one half-life is solved exactly: 80 points fade below 45 after 14 days × log₂(80/45)', () => {
  const at = crossing([term(80, 14 * DAY)], 'hot')!;
  expect(at).toBe(Math.floor(NOW + 14 * DAY * Math.log2(80 / 45)) + 1);
});

test('nothing to come: no deeds, or a cold lead whose points only fade', () => {
  expect(crossing([], 'cold')).toBeNull();
  expect(crossing([term(29, DAY)], 'cold')).toBeNull();
});

test('points against the lead fade sooner than those for it, and the level rises by itself', () => {
  const curve = [term(50, 100 * DAY), term(40, DAY, { sign: -1 })];
  const at = crossing(curve, 'cold')!;
  expect(engagementAt(curve, at)).toBeGreaterThanOrEqual(30);
  expect(engagementAt(curve, at - 1)).toBeLessThan(30);
  expect(at).toBeLessThan(NOW + 2 * DAY);
});

test('a cap holds the level until it lets go', () => {
  const at = crossing([term(120, DAY, { cap: 60 })], 'hot')!;
  expect((at - NOW) / DAY).toBeCloseTo(Math.log2(120 / 45), 5);
});

test('a number that a condition watches is an edge too, whatever the level', () => {
  const curve = [term(80, 14 * DAY)];
  const at = crossing(curve, 'hot', [70])!;
  expect(engagementAt(curve, at)).toBeLessThan(70);
  expect(engagementAt(curve, at - 1)).toBeGreaterThanOrEqual(70);
});

test('an edge that is only just touched and left again within minutes is not jumped', () => {
  // 100·2^(-t/20h) − 90·2^(-t/5h) rises, stands for a moment just above the ceiling, and falls again.
  const curve = [term(100, 20 * HOUR), term(90, 5 * HOUR, { sign: -1 })];
  const minutes = Array.from({ length: 20 * 60 }, (_, i) => NOW + i * 60_000);
  const peak = Math.max(...minutes.map((at) => engagementAt(curve, at)));
  const at = nextCrossing(curve, { floor: -Infinity, ceiling: peak - 1e-7 }, NOW)!;
  expect(engagementAt(curve, at)).toBeGreaterThanOrEqual(peak - 1e-7);
  expect(nextCrossing(curve, { floor: 1, ceiling: peak + 1 }, NOW)).toBeGreaterThan(at);
});

/** Steps of a minute until everything has faded; the reference that the computed crossing is held against. */
function bruteForce(curve: Curve, outside: (at: number) => boolean): { from: number; to: number } | null {
  const faded = (at: number): boolean => curve.every((one) => Math.min(one.cap, one.weight * 2 ** ((one.since - at) / one.halfLife)) < 1);
  for (let at = NOW; !faded(at); at += 60_000) if (outside(at + 60_000)) return { from: at, to: at + 60_000 };
  return null;
}

const anyRules = fc.oneof(rules(), rules({ halfLives: [4 * HOUR], capped: false }), rules({ halfLives: [4 * HOUR] }));

test('the computed crossing equals brute force', () => {
  fc.assert(
    fc.property(
      anyRules,
      deeds,
      fc.constantFrom('cold', 'warm', 'hot'),
      fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 2 }),
      (model, list, before, watched) => {
        const curve = curveOf(model, list, NOW);
        const now = engagementAt(curve, NOW);
        const band = bandOf(levels, nextLevel(levels, before, now), now, watched);
        const outside = (at: number): boolean => engagementAt(curve, at) < band.floor || engagementAt(curve, at) >= band.ceiling;
        const computed = nextCrossing(curve, band, NOW);
        const brute = bruteForce(curve, outside);
        if (computed === null) return void expect(brute).toBeNull();
        expect(outside(computed)).toBe(true);
        expect(outside(computed - 1)).toBe(false);
        // Brute force may miss what lasts less than its step, so it never finds anything earlier than the computed minute.
        if (brute) expect(computed).toBeLessThanOrEqual(brute.to);
        for (let at = NOW; at < computed; at += 60_000) if (outside(at)) throw new Error(`outside already ${computed - at} ms before`);
      },
    ),
    { numRuns: 300 },
  );
});

test('the level that is looked at only when it crosses is the level of a simulation that looks all the time', () => {
  fc.assert(
    fc.property(rules(), deeds, (model, list) => {
      const until = NOW + 30 * HOUR;
      const instants = [...new Set(list.map((deed) => deed.at))].toSorted((a, b) => a - b);
      const known = (at: number) => list.filter((deed) => deed.at <= at);
      const look = (level: string, at: number): string => nextLevel(levels, level, engagementAt(curveOf(model, known(at), at), at));

      let seldom = 'cold';
      for (let i = 0; i < instants.length; i++) {
        const end = instants[i + 1] ?? until;
        for (let at: number | null = instants[i]!; at !== null && at < end;) {
          seldom = look(seldom, at);
          const curve = curveOf(model, known(at), at);
          at = nextCrossing(curve, bandOf(levels, seldom, engagementAt(curve, at)), at);
        }
      }
      let always = 'cold';
      for (let i = 0; i < instants.length; i++) {
        const end = instants[i + 1] ?? until;
        always = look(always, instants[i]!);
        const curve = curveOf(model, known(instants[i]!), instants[i]!);
        for (let at = instants[i]! + 15_000; at < end; at += 15_000) always = nextLevel(levels, always, engagementAt(curve, at));
        always = nextLevel(levels, always, engagementAt(curve, Math.max(instants[i]!, end - 1)));
      }
      expect(seldom).toBe(always);
    }),
    { numRuns: 100 },
  );
});
