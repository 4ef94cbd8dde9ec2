import { expect, onTestFinished, test, vi } from 'vitest';
import type { Look } from '../../workflows/loop.ts';
import { watchedLoop } from './support/watched-loop.ts';

const asleep: Look = { sleepMs: null };
const patient = { timeout: 20_000, interval: 20 };

test('it begins with a look, and looks again when poked', async () => {
  const loop = await watchedLoop(() => asleep);
  onTestFinished(loop.end);
  await vi.waitFor(() => expect(loop.looks()).toBe(1), patient);
  await loop.poke();
  await vi.waitFor(() => expect(loop.looks()).toBe(2), patient);
});

test.each<Look>([asleep, 'done'])('a poke that comes while it looks is not lost, though that look finds %j', async (found) => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const loop = await watchedLoop(async (n) => {
    if (n !== 2) return asleep;
    await gate;
    return found;
  });
  onTestFinished(loop.end);
  await vi.waitFor(() => expect(loop.looks()).toBe(1), patient);
  await loop.poke();
  await vi.waitFor(() => expect(loop.looks()).toBe(2), patient);
  await loop.poke();
  open();
  await vi.waitFor(() => expect(loop.looks()).toBe(3), patient);
});

test('it sleeps as long as the look says, then looks by itself', async () => {
  const loop = await watchedLoop((n) => (n < 3 ? { sleepMs: 50 } : asleep));
  onTestFinished(loop.end);
  await vi.waitFor(() => expect(loop.looks()).toBe(3), patient);
});

test('where there is more to do it does not sleep: the server counts no timer', async () => {
  const loop = await watchedLoop((n) => (n < 5 ? 'again' : asleep));
  onTestFinished(loop.end);
  await vi.waitFor(() => expect(loop.looks()).toBe(5), patient);
  expect(await loop.timers()).toBe(0);
});

test('it ends when nothing is left for ever', async () => {
  const loop = await watchedLoop(() => 'done');
  onTestFinished(loop.end);
  await vi.waitFor(async () => expect(await loop.status()).toBe('COMPLETED'), patient);
});

test('it continues as new when its history grows long, and no poke is lost on the way', async () => {
  let begun = 0;
  const loop = await watchedLoop((n) => {
    begun = n;
    return asleep;
  });
  onTestFinished(loop.end);
  const first = await loop.runId();
  while ((await loop.runId()) === first) {
    for (let i = 0; i < 20; i++) await loop.poke();
  }
  for (let i = 0; i < 10; i++) {
    const before = begun;
    await loop.poke();
    await vi.waitFor(() => expect(loop.looks()).toBeGreaterThan(before), patient);
  }
}, 120_000);
