import { retryAfterMs } from '../../domain/calls/call.ts';
import type { Outcome } from '../transports/transport.ts';

/** What SendGrid answered. */
export interface Answer {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, unknown>>;
  body: unknown;
}

/** How long the lane waits when SendGrid does not say, real ms. */
const LANE_PAUSE = 15_000;
/** Whose clock is behind ours names a time that is over; so soon nothing is asked again, real ms. */
const SHORTEST_PAUSE = 1_000;
/** Nobody makes us wait longer than this at a time, real ms. */
const LONGEST_PAUSE = 15 * 60_000;
/** Fields of a request that come from the settings and not from the mail: what is wrong there is wrong in every mail. */
const OF_THE_SETTINGS = /^(ip_pool_name|mail_settings|tracking_settings|asm|categories)\b/;

/** What an answer means for the message it was for. `now`: real time. */
export function outcomeOf({ status, headers, body }: Answer, now: Date): Outcome {
  if (status >= 200 && status < 300) return { kind: 'accepted', providerId: text(headers['x-message-id']) };
  const reason = reasonOf(status, body);
  if (status === 429 || status === 408) return { kind: 'retry', reason, lane: true, afterMs: pauseOf(headers, now) };
  // A gateway that had no answer cannot say that there was none.
  if (status === 504) return { kind: 'unknown', reason };
  if (status >= 500) return { kind: 'retry', reason, lane: true, afterMs: pauseOf(headers, now) };
  if (status === 401 || status === 402 || status === 403)
    return { kind: 'stopped', reason: `SendGrid does not let us send with this API key: ${reason}` };
  if (status < 400 || status === 404 || status === 405)
    return { kind: 'stopped', reason: `There is no SendGrid at SENDGRID_API_URL: ${reason}` };
  const fields = errorsOf(body).map(({ field }) => text(field) ?? '');
  if (fields.length > 0 && fields.every((field) => OF_THE_SETTINGS.test(field)))
    return { kind: 'stopped', reason: `SendGrid does not take our settings: ${reason}` };
  return { kind: 'failed', reason, dead: false };
}

/** What was thrown in place of an answer. `asked`: the connection stood, so the request may have been read. */
export function silenceOf(error: Error & { code?: string }, asked: boolean): Outcome {
  const what = [error.code, error.message].filter(Boolean).join(': ').slice(0, 500);
  if (asked) return { kind: 'unknown', reason: `no answer after the message was handed over: ${what}` };
  return { kind: 'retry', reason: `SendGrid cannot be reached: ${what}`, lane: true, afterMs: LANE_PAUSE };
}

/** How long to wait, real ms: what Retry-After says, else until X-RateLimit-Reset (seconds since 1970). */
function pauseOf(headers: Answer['headers'], now: Date): number {
  const reset = text(headers['x-ratelimit-reset']);
  const untilReset = reset !== null && /^\d+$/.test(reset) ? Number(reset) * 1_000 - now.getTime() : null;
  const asked = retryAfterMs(text(headers['retry-after']) ?? undefined, now) ?? untilReset ?? LANE_PAUSE;
  return Math.min(Math.max(asked, SHORTEST_PAUSE), LONGEST_PAUSE);
}

interface ApiError {
  message?: unknown;
  field?: unknown;
}

function errorsOf(body: unknown): ApiError[] {
  const errors = (body as { errors?: unknown } | null | undefined)?.errors;
  return Array.isArray(errors) ? errors.filter((one): one is ApiError => typeof one === 'object' && one !== null) : [];
}

function reasonOf(status: number, body: unknown): string {
  const said = errorsOf(body).map(({ message, field }) => `${text(message) ?? 'no message'}${text(field) ? ` (${text(field)})` : ''}`);
  return `${status}${said.length > 0 ? ` ${said.join('; ')}` : ''}`.slice(0, 500);
}

const text = (given: unknown): string | null => (typeof given === 'string' && given !== '' ? given : null);
