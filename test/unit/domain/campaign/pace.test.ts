import { expect, test } from 'vitest';
import { gapMs, pace } from '../../../../domain/campaign/pace.ts';

test.each([
  ['500/h', 7_200],
  ['20/m', 3_000],
  ['1/d', 86_400_000],
])('%s is one every %s ms', (written, ms) => expect(gapMs(pace.parse(written))).toBe(ms));

test.each(['0/h', '5/w', '5', '-1/h', '1.5/h', '99999999/h'])('%s is no pace', (written) =>
  expect(pace.safeParse(written).success).toBe(false),
);
