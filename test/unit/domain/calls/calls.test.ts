import { expect, test } from 'vitest';
import { attributesOf, valueAt } from '../../../../domain/calls/answer.ts';
import { MOST_RETRIES, pauseAfter, retryAfterMs, verdictOf } from '../../../../domain/calls/call.ts';

const DAY = 86_400_000;

test('all the pauses between attempts together are a day', () => {
  const pauses = Array.from({ length: MOST_RETRIES }, (_, n) => pauseAfter(n + 1));
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  const all = pauses.reduce((sum, ms) => sum + ms, 0);
  expect(all).toBeGreaterThan(0.95 * DAY);
  expect(all).toBeLessThanOrEqual(1.05 * DAY);
  expect(pauseAfter(1, 3_600_000)).toBe(3_600_000);
  expect(pauseAfter(1, 9 * DAY)).toBe(DAY);
});

test('a redirection and every "no" are final, trouble and "not now" are not', () => {
  expect([200, 204, 301, 302, 400, 404, 408, 410, 429, 500, 503].map(verdictOf)).toEqual(
    'done done failed failed failed failed retry failed retry retry retry'.split(' '),
  );
  const now = new Date('2026-03-02T09:00:00Z');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs('Mon, 02 Mar 2026 09:01:00 GMT', now)).toBe(60_000);
  expect([undefined, '', 'soon', '-5', '5;'].map((given) => retryAfterMs(given, now))).toEqual([null, null, null, null, null]);
});

test('an answer sets what is there at its paths, as far as it can be stored, and nothing that objects merely inherit', () => {
  const answer = { data: { id: 'c-7', score: 0, list: [{ 'na\u0000me': 'a\u0000b', cut: 'c\ud83d' }], none: null } };
  expect(
    attributesOf(answer, { crm_id: 'data.id', score: 'data.score', first: 'data.list.0', none: 'data.none', gone: 'data.x.y' }),
  ).toEqual({
    crm_id: 'c-7',
    score: 0,
    first: { name: 'ab', cut: 'c\uFFFD' },
  });
  for (const path of ['constructor.name', '__proto__', 'data.id.length', 'data.list.length'])
    expect(typeof valueAt(answer, path)).not.toBe('function');
  expect(valueAt(answer, 'constructor')).toBeUndefined();
});
