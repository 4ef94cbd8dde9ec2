import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blames, heldFor, MOST_ATTEMPTS, pauseAfter } from '../../../domain/webhooks/delivery.ts';

const HOUR = 3_600_000;

test('ten attempts over more than three days, later and later, strewn by a fifth', () => {
  const pauses = Array.from({ length: MOST_ATTEMPTS }, (_, i) => pauseAfter(i + 1, 0.5));
  expect(pauses.at(-1)).toBeNull();
  const known = pauses.filter((pause) => pause !== null);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  expect(known.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(72 * HOUR);
  expect([pauseAfter(1, 0), pauseAfter(1, 1)]).toEqual([4_000, 6_000]);
});

test('a wish to wait is heeded, and no longer than a day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: MOST_ATTEMPTS - 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 1e12 }),
      (n, chance, asked) => {
        const pause = pauseAfter(n, chance, asked)!;
        expect(pause).toBeGreaterThanOrEqual(Math.min(asked, 24 * HOUR));
        expect(pause).toBeLessThan(29 * HOUR);
      },
    ),
  );
});

test('an endpoint that answers is not blamed for one message; one that is down is asked less and less, every five minutes at last', () => {
  expect([null, 500, 503, 404, 401, 429].every(blames)).toBe(true);
  expect([400, 409, 413, 422].some(blames)).toBe(false);
  expect([heldFor(0, null), heldFor(60_000, null), heldFor(24 * HOUR, null), heldFor(0, 10 * HOUR)]).toEqual([0, 6_000, 300_000, HOUR]);
});
