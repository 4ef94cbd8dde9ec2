import { expect, test } from 'vitest';
import { outcomeOf, silenceOf } from '../../../../messaging/sendgrid/outcome.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const errors = (...all: { message: string; field: string | null }[]) => ({ errors: all });
const answer = (status: number, headers: Record<string, unknown> = {}, body: unknown = '') => outcomeOf({ status, headers, body }, NOW);

test('how long to wait is what SendGrid says: seconds, a date, the end of its window; else a while of ours, and never for ever', () => {
  const waits = (headers: Record<string, string>) => (answer(429, headers) as { afterMs: number }).afterMs;
  expect(waits({ 'retry-after': '30' })).toBe(30_000);
  expect(waits({ 'retry-after': 'Mon, 02 Mar 2026 09:01:00 GMT' })).toBe(60_000);
  expect(waits({ 'retry-after': 'Mon, 02 Mar 2026 08:00:00 GMT' })).toBe(1_000);
  for (const now of ['0', '0.2']) expect(waits({ 'retry-after': now })).toBe(1_000);
  expect(waits({ 'x-ratelimit-reset': String(NOW.getTime() / 1000 - 60) })).toBe(1_000);
  for (const none of ['-5', '-99999999999', '1e9', '', '∞']) expect(waits({ 'retry-after': none })).toBe(15_000);
  for (const long of ['9'.repeat(400), 'Tue, 02 Mar 2027 09:00:00 GMT']) expect(waits({ 'retry-after': long })).toBe(900_000);
  expect(waits({ 'x-ratelimit-reset': String(NOW.getTime() / 1000 + 7) })).toBe(7_000);
  expect(waits({})).toBe(15_000);
  expect(waits({ 'retry-after': 'soon' })).toBe(15_000);
  expect(waits({ 'retry-after': '99999999' })).toBe(900_000);
});

test('what is wrong with the request’s settings or the account is no mail’s fault', () => {
  for (const status of [301, 401, 402, 403, 404, 405]) expect(answer(status).kind, String(status)).toBe('stopped');
  for (const field of ['ip_pool_name', 'mail_settings.sandbox_mode', 'tracking_settings', 'asm.group_id'])
    expect(answer(400, {}, errors({ message: 'no', field })).kind, field).toBe('stopped');
  expect(answer(400, {}, errors({ message: 'no', field: 'ip_pool_name' }, { message: 'no', field: 'subject' })).kind).toBe('failed');
});

test('what is wrong with a mail fails it alone, with the reason in SendGrid’s words', () => {
  expect(answer(400, {}, errors({ message: 'Bad subject', field: 'subject' }, { message: 'Bad body', field: null }))).toEqual({
    kind: 'failed',
    reason: '400 Bad subject (subject); Bad body',
    dead: false,
  });
  expect(answer(413)).toEqual({ kind: 'failed', reason: '413', dead: false });
  for (const body of [null, undefined, 'text', { errors: 'no' }, { errors: [null, 7, {}] }])
    expect(answer(400, {}, body).kind).toBe('failed');
  expect((answer(400, {}, errors({ message: 'x'.repeat(5_000), field: 'f' })) as { reason: string }).reason.length).toBe(500);
});

test('only a gateway’s silence and one after the request had gone are unknown', () => {
  expect(answer(504).kind).toBe('unknown');
  for (const status of [408, 429, 500, 502, 503]) expect(answer(status), String(status)).toMatchObject({ kind: 'retry', lane: true });
  const error = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  expect(silenceOf(error, true)).toEqual({
    kind: 'unknown',
    reason: 'no answer after the message was handed over: ECONNRESET: socket hang up',
  });
  expect(silenceOf(error, false)).toMatchObject({ kind: 'retry', lane: true, afterMs: 15_000 });
});
