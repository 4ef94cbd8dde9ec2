import { expect, test } from 'vitest';
import { createAttendance } from '../../../activities/attendance.ts';
import type { Loop } from '../../../domain/loops.ts';

const marketing: Loop = { kind: 'delivery', lane: 'marketing' };
const internal: Loop = { kind: 'delivery', lane: 'internal' };

test('a poke of a loop that is being looked after is passed on once, when the look comes home', async () => {
  const sent: Loop[] = [];
  const { poke, attend } = createAttendance((loop) => sent.push(loop));
  await attend(marketing, async () => {
    poke(marketing);
    poke({ ...marketing });
    poke(internal);
    expect(sent).toEqual([internal]);
  });
  expect(sent).toEqual([internal, marketing]);
  poke(marketing);
  expect(sent).toEqual([internal, marketing, marketing]);
});

test('a look that fails passes it on as well; one that nobody poked says nothing', async () => {
  const sent: Loop[] = [];
  const { poke, attend } = createAttendance((loop) => sent.push(loop));
  await expect(
    attend(marketing, async () => {
      poke(marketing);
      throw new Error('down');
    }),
  ).rejects.toThrow('down');
  expect(sent).toEqual([marketing]);
  expect(await attend(internal, async () => 7)).toBe(7);
  expect(sent).toEqual([marketing]);
});

test('two looks at one loop, the older one a zombie: a poke is passed on by the younger, whichever ends first', async () => {
  const sent: Loop[] = [];
  const { poke, attend } = createAttendance((loop) => sent.push(loop));
  let end = (): void => {};
  const zombie = attend(marketing, () => new Promise<void>((resolve) => (end = resolve)));
  await attend(marketing, async () => {
    end();
    await zombie;
    poke(marketing);
    expect(sent).toEqual([]);
  });
  expect(sent).toEqual([marketing]);
});
