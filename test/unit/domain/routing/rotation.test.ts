import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, bound, type Member, restart, type Rotation } from '../../../../domain/routing/rotation.ts';

const weight = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.01, max: 100, noNaN: true }));
const rotation = (least: number, most: number): fc.Arbitrary<Rotation> =>
  fc
    .array(weight, { minLength: least, maxLength: most })
    .map((weights) => ({ given: 0, members: weights.map((each, n) => ({ id: `rep-${n}`, weight: each, given: 0 })) }));

function distance(members: readonly Member[], given: number): number {
  const total = members.reduce((sum, member) => sum + member.weight, 0);
  return Math.max(...members.map((member) => Math.abs((given * member.weight) / total - member.given)));
}

describe('fair rotation', () => {
  test('no prefix of assignments is further than 1 − 1/(2n−2) from the share due, whatever the weights', () => {
    fc.assert(
      fc.property(rotation(2, 12), (start) => {
        let standing = start;
        for (let lead = 0; lead < 300; lead++) {
          standing = assign(standing, 1).rotation;
          expect(distance(standing.members, standing.given)).toBeLessThanOrEqual(bound(start.members.length) + 1e-9);
        }
      }),
      { numRuns: 300 },
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
        const may = (id: string, lead: number) => !barred[lead]!.some((n) => `rep-${n}` === id);
        const { to, rotation: after } = assign(start, barred.length, may);
        to.forEach((id, lead) => expect(id === null ? start.members.every((m) => !may(m.id, lead)) : may(id, lead)).toBe(true));
        expect(after.given).toBe(to.filter((id) => id !== null).length);
        expect(after.members.reduce((sum, member) => sum + member.given, 0)).toBe(after.given);
      }),
    );
  });

  test('what an account owner was given out of turn is made up for', () => {
    const start: Rotation = { given: 0, members: ['a', 'b', 'c'].map((id) => ({ id, weight: 1, given: 0 })) };
    const { rotation: forced } = assign(start, 6, (id) => id === 'a');
    const { rotation: after } = assign(forced, 12);
    expect(after.members.map((member) => member.given)).toEqual([6, 6, 6]);
  });

  test('one alone gets everything; nobody gets nothing', () => {
    expect(assign({ given: 0, members: [{ id: 'a', weight: 3, given: 0 }] }, 3).to).toEqual(['a', 'a', 'a']);
    expect(assign({ given: 0, members: [] }, 2).to).toEqual([null, null]);
  });
});

test('who returns from a holiday starts level with the others', () => {
  const standing: Rotation = {
    given: 9,
    members: [
      { id: 'a', weight: 1, given: 5 },
      { id: 'b', weight: 1, given: 4 },
    ],
  };
  expect(
    restart(standing, [
      { id: 'a', weight: 1 },
      { id: 'b', weight: 1 },
    ]),
  ).toBe(standing);
  const back = restart(standing, [...standing.members, { id: 'c', weight: 1 }]);
  expect(assign(back, 6).rotation.members.map((member) => member.given)).toEqual([2, 2, 2]);
});
