/** Real milliseconds a claim outlives the time-out of its request. */
export const LEASE_MARGIN_MS = 30_000;
/** Requests under way at once to one host, by all workers together. */
export const HOST_LIMIT = 8;
/** The most of an answer that is read, bytes. */
export const MOST_ANSWERED = 64 * 1024;
/** How much of an answer is kept to look at, characters. */
export const EXCERPT = 500;

const MINUTE = 60_000;
/** Pauses between attempts: soon at first, then longer; all together a day. */
const PAUSES = [10_000, 30_000, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 240 * MINUTE, 420 * MINUTE, 560 * MINUTE];
/** Retries that fill the day. */
export const MOST_RETRIES = PAUSES.length;

/** How long until the next attempt when this many have failed, real ms; longer where the receiver asked for it, at most a day. */
export function pauseAfter(attempts: number, askedMs: number | null = null): number {
  const usual = PAUSES[Math.min(Math.max(attempts, 1), PAUSES.length) - 1]!;
  return Math.min(Math.max(usual, askedMs ?? 0), 24 * 60 * MINUTE);
}

/** A request to another system, as it is made. `sets` are paths into its answer, by the attribute they give the lead. */
export interface CallRequest {
  /** Names the effect, so that it is queued once; the receiver is told it too. */
  callKey: string;
  url: string;
  method: string;
  /** As it is sent and signed. */
  body: string;
  sets: Record<string, string>;
  timeoutMs: number;
  /** What it is signed with, where that is not the host's. */
  secrets?: readonly string[];
}

/**
 * What came of one request. `retry`: it may go better later. `failed`: asking again will not help. `sets` are the attributes that the answer
 * gives the lead.
 */
export type CallOutcome = { status: number | null; excerpt: string | null } & (
  { as: 'done'; sets: Record<string, unknown> } | { as: 'retry'; reason: string; afterMs: number | null } | { as: 'failed'; reason: string }
);

/** Not the receiver's last word: too busy, too slow, too early, or its own trouble. */
const PASSING = new Set([408, 425, 429]);

/** What an HTTP status means: 2xx is done; 5xx and "not now" are tried again; anything else is final, redirections too, which are never followed. */
export function verdictOf(status: number): 'done' | 'retry' | 'failed' {
  if (status >= 200 && status < 300) return 'done';
  return status >= 500 || PASSING.has(status) ? 'retry' : 'failed';
}

/** A `Retry-After` in milliseconds: seconds, or a date; null where there is none to go by. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // A date has the name of a month: `-5` would be one of the year 2001.
  const at = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** What a call is about, as far as the step that waits for it cares. */
export interface CallFact {
  state: 'queued' | 'claimed' | 'done' | 'failed' | 'cancelled';
  status: number | null;
  reason: string | null;
  settledAt: Date | null;
  attempts: number;
}
