import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Loop, loopId } from '../../../domain/loops.ts';
import { createPoker, type PokerDeps } from '../../../runtime/poke.ts';

const lane = (name: string): Loop => ({ kind: 'delivery', lane: name });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A poker whose signals take `takesMs` and are written down as they depart. */
function poker({ takesMs = 5, ...options }: { takesMs?: number } & Partial<PokerDeps> = {}) {
  const departed: string[] = [];
  const warn = vi.fn();
  let flying = 0;
  let mostFlying = 0;
  const poke = createPoker({
    log: { warn },
    async signal(loop) {
      departed.push(loopId(loop));
      mostFlying = Math.max(mostFlying, ++flying);
      await new Promise((resolve) => setTimeout(resolve, takesMs));
      flying--;
    },
    ...options,
  });
  return { poke, departed, warn, mostFlying: () => mostFlying };
}

test('the first poke goes out at once', () => {
  const { poke, departed } = poker();
  poke(lane('a'));
  expect(departed).toEqual(['delivery/a']);
});

test('pokes that come within the gathering time become one more', async () => {
  const { poke, departed } = poker();
  for (let i = 0; i < 50; i++) poke(lane('a'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(departed).toEqual(['delivery/a', 'delivery/a']);
});

test('a poke that comes while one is under way is never swallowed by it', async () => {
  const { poke, departed, mostFlying } = poker({ takesMs: 500 });
  poke(lane('a'));
  await vi.advanceTimersByTimeAsync(300);
  poke(lane('a'));
  await vi.advanceTimersByTimeAsync(190);
  expect(departed).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(departed).toHaveLength(2);
  expect(mostFlying()).toBe(1);
});

test('after a rest the next poke is at once again', async () => {
  const { poke, departed } = poker();
  poke(lane('a'));
  await vi.advanceTimersByTimeAsync(200);
  poke(lane('a'));
  expect(departed).toHaveLength(2);
});

test('a loop that is poked without end is signalled some three times a second', async () => {
  const { poke, departed } = poker();
  for (let ms = 0; ms < 10_000; ms += 10) {
    poke(lane('a'));
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(departed.length).toBeGreaterThan(20);
  expect(departed.length).toBeLessThan(30);
});

test('many loops take turns, each still gets its own', async () => {
  const { poke, departed, mostFlying } = poker({ atOnce: 3 });
  for (let i = 0; i < 10; i++) poke(lane(`${i}`));
  expect(departed).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(new Set(departed).size).toBe(10);
  expect(mostFlying()).toBe(3);
});

test('with Temporal down nothing is thrown, nothing piles up, and the log is not flooded', async () => {
  const { poke, warn, departed } = poker({ signal: () => Promise.reject(new Error('unavailable')), limit: 100 });
  for (let i = 0; i < 1_000; i++) poke(lane(`${i}`));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(departed).toEqual([]);
  poke(lane('later'));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('closing waits for what is under way and takes no more', async () => {
  const { poke, departed } = poker({ takesMs: 50 });
  poke(lane('a'));
  let closed = false;
  const closing = poke.close().then(() => (closed = true));
  poke(lane('b'));
  await vi.advanceTimersByTimeAsync(40);
  expect(closed).toBe(false);
  await vi.advanceTimersByTimeAsync(20);
  await closing;
  expect(departed).toEqual(['delivery/a']);
});

test('at a pace some go at once and the others one after the other, none is forgotten', async () => {
  const { poke, departed } = poker({ pace: { burst: 3, perSecond: 10 } });
  const names = Array.from({ length: 13 }, (_, n) => `l${n}`);
  names.forEach((name) => poke(lane(name)));
  expect(departed).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(501);
  expect(departed).toHaveLength(8);
  await vi.advanceTimersByTimeAsync(600);
  expect(departed).toEqual(names.map((name) => `delivery/${name}`));
  await vi.advanceTimersByTimeAsync(1_000);
  names.forEach((name) => poke(lane(`${name} again`)));
  expect(departed).toHaveLength(16);
});
