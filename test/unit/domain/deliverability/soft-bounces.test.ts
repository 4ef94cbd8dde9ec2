import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Arrival, isDeadBySoftBounces } from '../../../../domain/deliverability/soft-bounces.ts';

const DAY = 86_400_000;
const blocked = (day: number, mail = `m${day}`): Arrival => ({ kind: 'blocked', atMs: day * DAY, mail });
const delivered = (day: number): Arrival => ({ kind: 'delivered', atMs: day * DAY, mail: `d${day}` });

test('three mails refused within thirty days are a dead address; two, or three over two months, are not', () => {
  expect(isDeadBySoftBounces([blocked(1), blocked(10), blocked(31)])).toBe(true);
  expect(isDeadBySoftBounces([blocked(1), blocked(10)])).toBe(false);
  expect(isDeadBySoftBounces([blocked(1), blocked(30), blocked(60)])).toBe(false);
  expect(isDeadBySoftBounces([blocked(1), blocked(40), blocked(50), blocked(60)])).toBe(true);
});

test('a delivery forgives what was before it; one mail told of three times is refused once', () => {
  expect(isDeadBySoftBounces([blocked(1), blocked(2), delivered(2.5), blocked(3)])).toBe(false);
  expect(isDeadBySoftBounces([blocked(1), blocked(2), blocked(3), delivered(4)])).toBe(false);
  expect(isDeadBySoftBounces([blocked(1, 'a'), blocked(2, 'a'), blocked(3, 'a')])).toBe(false);
});

const arrivals = fc.array(
  fc.record({
    kind: fc.constantFrom('blocked' as const, 'delivered' as const),
    atMs: fc.integer({ min: 0, max: 90 }).map((day) => day * DAY),
    mail: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  }),
  { maxLength: 12 },
);

test('neither the order nor the repetition of what is told matters', () => {
  fc.assert(
    fc.property(arrivals, fc.func(fc.nat()), (told, rank) => {
      const shuffled = [...told, ...told].map((one, i) => ({ one, at: rank(i) })).toSorted((a, b) => a.at - b.at);
      expect(isDeadBySoftBounces(shuffled.map(({ one }) => one))).toBe(isDeadBySoftBounces(told));
    }),
  );
});

test('another refusal never brings an address back to life, another delivery at the end always does', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 0, max: 90 }), (told, day) => {
      if (isDeadBySoftBounces(told)) expect(isDeadBySoftBounces([...told, blocked(day, 'new')])).toBe(true);
      expect(isDeadBySoftBounces([...told, delivered(91)])).toBe(false);
    }),
  );
});
