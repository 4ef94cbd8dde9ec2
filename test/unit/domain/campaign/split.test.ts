import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ArmShare, chooseArm, type Experiment, judge } from '../../../../domain/campaign/split.ts';

const ab: Experiment = { arms: ['a', 'b'], metric: 'clicked', minimum: 100, confidence: 0.95, within: '7d' };
const counts = (...of: [string, number, number][]): ArmShare[] => of.map(([arm, n, successes]) => ({ arm, n, successes }));

test('everybody keeps their arm, and over all the weights are kept', () => {
  const arms = [
    { key: 'a', weight: 1 },
    { key: 'b', weight: 3 },
  ];
  const drawn = Array.from({ length: 4_000 }, (_, i) => chooseArm(arms, 'campaign', 'step', `lead-${i}`));
  expect(drawn).toEqual(Array.from({ length: 4_000 }, (_, i) => chooseArm(arms, 'campaign', 'step', `lead-${i}`)));
  const b = drawn.filter((arm) => arm === 'b').length;
  expect(b).toBeGreaterThan(2_880);
  expect(b).toBeLessThan(3_120);
});

test('it is judged when every arm has the minimum, then at twice as many, and no sooner', () => {
  expect(judge(ab, 0, counts(['a', 5_000, 50], ['b', 99, 60]))).toEqual({ looks: 0, judged: false, winner: null });
  expect(judge(ab, 0, counts(['a', 100, 10]))).toEqual({ looks: 0, judged: false, winner: null });
  expect(judge(ab, 0, counts(['a', 150, 10], ['b', 120, 60]))).toEqual({ looks: 1, judged: true, winner: 'b' });
  expect(judge(ab, 0, counts(['a', 150, 30], ['b', 120, 25]))).toEqual({ looks: 1, judged: true, winner: null });
  expect(judge(ab, 1, counts(['a', 199, 10], ['b', 400, 390]))).toEqual({ looks: 1, judged: false, winner: null });
  expect(judge(ab, 1, counts(['a', 900, 100], ['b', 850, 300]))).toEqual({ looks: 4, judged: true, winner: 'b' });
});

test('of three the best must beat both others', () => {
  const abc = { ...ab, arms: ['a', 'b', 'c'] };
  expect(judge(abc, 0, counts(['a', 200, 20], ['b', 200, 80], ['c', 200, 78])).winner).toBeNull();
  expect(judge(abc, 0, counts(['a', 200, 20], ['b', 200, 80], ['c', 200, 30])).winner).toBe('b');
});

test('arms that are the same in truth get a winner no more often than the confidence allows, however often one looks', () => {
  let state = 20_260_302;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let wrong = 0;
  const runs = 800;
  for (let run = 0; run < runs; run++) {
    const shares = counts(['a', 0, 0], ['b', 0, 0]);
    let looks = 0;
    for (let n = 0; n < 1_600; n += 20) {
      for (const share of shares) {
        share.n += 20;
        for (let i = 0; i < 20; i++) share.successes += random() < 0.2 ? 1 : 0;
      }
      const found = judge(ab, looks, shares);
      looks = found.looks;
      if (found.winner) {
        wrong++;
        break;
      }
    }
  }
  // 5 % allowed; with 800 runs three deviations more is 7.3 %.
  expect(wrong / runs).toBeLessThan(0.073);
});

test('whoever wins has the highest share, and judging again without news changes nothing', () => {
  const share = fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(share, share, fc.nat({ max: 4 }), ([n1, p1], [n2, p2], looks) => {
      const both = counts(['a', n1, Math.floor(n1 * p1)], ['b', n2, Math.floor(n2 * p2)]);
      const { winner, looks: spent } = judge(ab, looks, both);
      const rate = (arm: string): number => both.filter((one) => one.arm === arm).map((one) => one.successes / one.n)[0]!;
      if (winner) expect(rate(winner)).toBe(Math.max(rate('a'), rate('b')));
      expect(judge(ab, spent, both)).toEqual({ looks: spent, judged: false, winner: null });
    }),
  );
});
