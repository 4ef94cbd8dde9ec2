import { expect, test } from 'vitest';
import { parseDeeds } from '../../../../runtime/rehearsal/deeds.ts';

test('what the invented lead does is read in the order of its time', () => {
  expect(parseDeeds('3d pricing_viewed page=prices; 1d click welcome')).toEqual([
    { afterMs: 86_400_000, click: 'welcome' },
    { afterMs: 3 * 86_400_000, event: 'pricing_viewed', properties: { page: 'prices' } },
  ]);
  expect(parseDeeds('')).toEqual([]);
});

test.each(['soon click welcome', '1d', '1d click', '1d pricing_viewed page'])('%s is refused', (text) =>
  expect(() => parseDeeds(text)).toThrow(RangeError),
);
