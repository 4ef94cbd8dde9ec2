import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, bound, credited, type Member, planned, type Rotation, takeTurns } from '../../../../domain/routing/rotation.ts';

/** Leads of the pool within which everything is made up for, counted from the last distortion. */
const horizon = (members: number): number => 6 * members;

/** The most leads in a row that somebody with this share is given, made up for or not, while no lead is barred to the others. */
function longestRun(share: number, members: number): number {
  const most = Math.min(2 * share, (1 + share) / 2);
  return Math.floor((2 - 1 / (members - 1)) / (1 - most) + 1e-9);
}

/** How often each got one after the other. */
function runsOf(id: string, to: readonly (string | null)[]): number[] {
  return to.reduce<number[]>((all, taker) => (taker === id ? [...all.slice(0, -1), all.at(-1)! + 1] : [...all, 0]), [0]);
}

const idOf = (n: number): string => `rep-${n}`;
const fresh = (weights: readonly number[]): Rotation => ({
  given: 0,
  members: weights.map((weight, n) => ({ id: idOf(n), weight, given: 0, taking: true, planned: weight, owed: 0, turns: 0 })),
});
const weight = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.01, max: 100, noNaN: true }));
const rotation = (least: number, most: number): fc.Arbitrary<Rotation> =>
  fc.array(weight, { minLength: least, maxLength: most }).map(fresh);

const sharesOf = (members: readonly Member[]): number[] => {
  const total = members.reduce((sum, member) => sum + member.weight, 0);
  return members.map((member) => member.weight / total);
};

function distance(members: readonly Member[], given: number): number {
  const shares = sharesOf(members);
  return Math.max(...members.map((member, n) => Math.abs(given * shares[n]! - member.given)));
}

describe('fair rotation', () => {
  test('no prefix of assignments is further than 1 − 1/(2n−2) from the share due, whatever the weights', () => {
    fc.assert(
      fc.property(rotation(2, 12), (start) => {
        let worst = 0;
        let standing = start;
        for (let lead = 0; lead < 100; lead++) {
          standing = assign(standing, 1).rotation;
          worst = Math.max(worst, distance(standing.members, standing.given));
        }
        expect(worst).toBeLessThanOrEqual(bound(start.members.length) + 1e-9);
      }),
      { numRuns: 2_000 },
    );
  });

  test('many at once go where they would have gone one by one', () => {
    fc.assert(
      fc.property(rotation(1, 8), fc.nat(60), fc.nat(60), (start, first, second) => {
        const whole = assign(start, first + second);
        const half = assign(start, first);
        const rest = assign(half.rotation, second);
        expect([...half.to, ...rest.to]).toEqual(whole.to);
        expect(rest.rotation).toEqual(whole.rotation);
      }),
    );
  });

  test('every lead goes to exactly one who may take it, and counts', () => {
    fc.assert(
      fc.property(rotation(1, 6), fc.array(fc.subarray([0, 1, 2, 3, 4, 5]), { maxLength: 80 }), (start, barred) => {
        const may = (id: string, lead: number) => !barred[lead]!.some((n) => idOf(n) === id);
        const { to, rotation: after } = assign(start, barred.length, may);
        to.forEach((id, lead) => expect(id === null ? start.members.every((m) => !may(m.id, lead)) : may(id, lead)).toBe(true));
        expect(after.given).toBe(to.filter((id) => id !== null).length);
        expect(after.members.reduce((sum, member) => sum + member.given, 0)).toBe(after.given);
      }),
    );
  });

  test('what an account owner was given out of turn is made up for', () => {
    const { rotation: forced } = assign(fresh([1, 1, 1]), 3, (id) => id === 'rep-0');
    const { rotation: after } = assign(forced, horizon(3));
    expect(after.members.map((member) => member.given)).toEqual([7, 7, 7]);
  });

  test('one alone gets everything; nobody gets nothing', () => {
    expect(assign(fresh([3]), 3).to).toEqual(['rep-0', 'rep-0', 'rep-0']);
    expect(assign(fresh([]), 2).to).toEqual([null, null]);
  });
});

/** What may come between: somebody away for so many leads, leads that not everybody may have, leads that are somebody's by name, leads found to be none. */
type Trouble = { away: number[]; leads: number } | { barred: number[]; leads: number } | { named: number } | { nobodys: number };
const who = fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]);
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ away: who, leads: fc.oneof(fc.nat(12), fc.nat(400)) }),
  fc.record({ barred: who, leads: fc.nat(12) }),
  fc.record({ named: fc.nat(7) }),
  fc.record({ nobodys: fc.nat(7) }),
);

function after(start: Rotation, troubles: readonly Trouble[]): Rotation {
  let standing = start;
  for (const one of troubles) {
    if ('away' in one)
      standing = assign(
        planned(standing, (id) => !one.away.some((n) => idOf(n) === id)),
        one.leads,
      ).rotation;
    else if ('barred' in one) standing = assign(standing, one.leads, (id) => !one.barred.some((n) => idOf(n) === id)).rotation;
    else if ('nobodys' in one) standing = credited(standing, [{ id: idOf(one.nobodys), leads: 1 }]);
    else if (one.named < standing.members.length) {
      const turns = takeTurns(standing);
      turns.count(idOf(one.named));
      standing = turns.rotation();
    }
  }
  return planned(standing, () => true);
}

/** How far everybody is behind their share by now. */
function owedNow({ members }: Rotation): number[] {
  const shares = sharesOf(members);
  const turns = members.reduce((sum, member) => sum + member.turns, 0);
  return members.map((member, n) => member.owed + shares[n]! * turns - member.turns);
}

describe('making up', () => {
  const pools = fc.record({ start: rotation(2, 8), troubles: fc.array(trouble, { maxLength: 12 }) });

  test('whatever came between, within six leads a member everybody is within one lead of the share due, and stays there', () => {
    fc.assert(
      fc.property(pools, ({ start, troubles }) => {
        const n = start.members.length;
        let standing = assign(after(start, troubles), horizon(n)).rotation;
        let worst = 0;
        for (let lead = 0; lead < 40; lead++) {
          worst = Math.max(worst, ...owedNow(standing).map(Math.abs));
          standing = assign(standing, 1).rotation;
        }
        expect(worst).toBeLessThanOrEqual(bound(n) + 1e-6);
      }),
      { numRuns: 1_000 },
    );
  });

  test('nobody is ever owed, or ahead by, more than three leads of an average member, and one lead that one has had too many another has had too few', () => {
    fc.assert(
      fc.property(pools, ({ start, troubles }) => {
        const standing = after(start, troubles);
        const shares = sharesOf(standing.members);
        const owed = owedNow(standing);
        owed.forEach((leads, n) => expect(Math.abs(leads)).toBeLessThanOrEqual(3 * owed.length * shares[n]! + 1 + 1e-6));
        expect(owed.reduce((sum, leads) => sum + leads, 0)).toBeCloseTo(0, 6);
      }),
      { numRuns: 500 },
    );
  });

  test('who comes back is not flooded: never more in a row than twice the usual pace allows; nobody is starved meanwhile', () => {
    fc.assert(
      fc.property(pools, ({ start, troubles }) => {
        const standing = after(start, troubles);
        const n = standing.members.length;
        const shares = sharesOf(standing.members);
        const leads = horizon(n);
        const { to } = assign(standing, leads);
        standing.members.forEach(({ id }, m) => {
          expect(Math.max(...runsOf(id, to))).toBeLessThanOrEqual(longestRun(shares[m]!, n));
          expect(to.filter((taker) => taker === id).length).toBeGreaterThan((leads * shares[m]!) / 2 - 1);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('a short absence is made up for in full, a long one by three leads', () => {
    const back = (leads: number) => {
      const away = assign(
        planned(fresh([1, 1, 1]), (id) => id !== 'rep-2'),
        leads,
      ).rotation;
      const { to } = assign(
        planned(away, () => true),
        horizon(3),
      );
      return to.filter((id) => id === 'rep-2').length - horizon(3) / 3;
    };
    expect([3, 6, 9, 3_000].map(back)).toEqual([1, 2, 3, 3]);
  });

  test('among equals nobody gets more than four in a row, however long the holiday was', () => {
    for (const [n, most] of [
      [2, 4],
      [3, 4],
      [5, 2],
      [10, 2],
    ] as const) {
      const away = assign(
        planned(fresh(Array.from({ length: n }, () => 1)), (id) => id !== 'rep-0'),
        3_000,
      ).rotation;
      const { to } = assign(
        planned(away, () => true),
        horizon(n),
      );
      expect(Math.max(...runsOf('rep-0', to))).toBeLessThanOrEqual(most);
    }
  });

  test('who joins takes part at their share from here on, and is owed nothing for the time before', () => {
    const { rotation: before } = assign(fresh([1, 1]), 11);
    const joined: Rotation = { ...before, members: [...before.members, { ...fresh([1]).members[0]!, id: 'rep-2', planned: null }] };
    const { to } = assign(
      planned(joined, () => true),
      9,
    );
    expect(to.filter((id) => id === 'rep-2')).toHaveLength(3);
  });

  test('a lead that was nobody’s is given back, once for each', () => {
    const { rotation: even } = assign(fresh([1, 1, 1]), 9);
    const { to } = assign(credited(even, [{ id: 'rep-1', leads: 2 }]), horizon(3) - 2);
    expect(to.filter((id) => id === 'rep-1')).toHaveLength(horizon(3) / 3 + 1);
    expect(credited(even, [{ id: 'gone', leads: 1 }])).toBe(even);
  });
});
