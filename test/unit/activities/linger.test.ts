import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { linger } from '../../../activities/linger.ts';

const quick = { limitMs: 5_000, quietMs: 60, pauseMs: [5, 10] as [number, number] };

test('nothing found at the first look: home at once', async () => {
  let looks = 0;
  const cutOff = await linger(async () => (looks++, false), quick);
  expect([looks, cutOff]).toEqual([1, false]);
});

test('a drip is worked off by one activity, which leaves when the drip has stopped', async () => {
  const drip = [true, false, true, false, false, true];
  let looks = 0;
  const cutOff = await linger(async () => drip[looks++] ?? false, quick);
  expect(cutOff).toBe(false);
  expect(looks).toBeGreaterThan(drip.length);
});

test('it comes home after its limit, whatever there is still to do, and says so', async () => {
  let looks = 0;
  const cutOff = await linger(async () => (looks++, true), { ...quick, limitMs: 50 });
  expect(cutOff).toBe(true);
  expect(looks).toBeGreaterThan(1);
});

test('who has no quiet time goes on looking where nothing is found, too', async () => {
  let looks = 0;
  const cutOff = await linger(async () => (looks++, false), { ...quick, limitMs: 50, quietMs: null });
  expect(cutOff).toBe(true);
  expect(looks).toBeGreaterThan(1);
});

test('a look through many batches is told when time is up', async () => {
  const told: boolean[] = [];
  await linger(
    async (timeLeft) => {
      while (timeLeft()) await new Promise((done) => setTimeout(done, 5));
      told.push(timeLeft());
      return true;
    },
    { ...quick, limitMs: 50 },
  );
  expect(told).toEqual([false]);
});

test('in a worker it heartbeats at every look, and a cancelled activity ends after the look it is at', async () => {
  const environment = new MockActivityEnvironment();
  let beats = 0;
  let looks = 0;
  environment.on('heartbeat', () => beats++);
  await environment.run(() =>
    linger(async () => {
      if (++looks === 3) environment.cancel();
      return true;
    }, quick),
  );
  expect([looks, beats]).toEqual([3, 3]);
});

test('what a look throws is thrown', async () => {
  await expect(linger(() => Promise.reject(new Error('no database')), quick)).rejects.toThrow('no database');
});
