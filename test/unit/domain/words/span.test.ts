import { expect, test } from 'vitest';
import { away, span } from '../../../../domain/words/span.ts';

test('a length is told in its two largest units', () => {
  expect(span(0)).toBe('0 s');
  expect(span(40_000)).toBe('40 s');
  expect(span(12.5 * 60_000)).toBe('12 min');
  expect(span(125 * 60_000)).toBe('2 h 5 min');
  expect(span(-76 * 3_600_000)).toBe('3 d 4 h');
  expect(span(48 * 3_600_000)).toBe('2 d');
});

test('an instant is so far ahead or ago', () => {
  const now = new Date('2027-03-04T09:00:00Z');
  expect(away(new Date('2027-03-04T11:05:00Z'), now)).toBe('in 2 h 5 min');
  expect(away(new Date('2027-03-01T09:00:00Z'), now)).toBe('3 d ago');
  expect(away(now, now)).toBe('now');
});
