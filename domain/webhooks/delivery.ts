/** How long an endpoint may take to answer, real ms. */
export const TIMEOUT_MS = 15_000;
/** Messages under way at once to one endpoint; to one to which nothing gets through at the moment, one. */
export const ENDPOINT_LIMIT = 16;
/** Endpoints of a workspace. All of them being slow at once fill less than a worker has under way. */
export const MOST_ENDPOINTS = 30;
/** Nothing has arrived for so long: the endpoint is disabled. Workspace time. */
export const GIVEN_UP_AFTER = '5 days';
/** How long a secret that was replaced is still good, real hours. */
export const BOTH_SECRETS_HOURS = 24;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses between attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: more than three days in all. */
const PAUSES = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/** How often a message is tried in all. */
export const MOST_ATTEMPTS = PAUSES.length + 1;

/**
 * How long until the next attempt when this many have failed, real ms; null: that was the last. `chance` (0-1) strews them by a fifth either way, so that
 * what failed together does not come again together. Longer where the receiver asked for it, at most a day.
 */
export function pauseAfter(attempts: number, chance: number, askedMs: number | null = null): number | null {
  const usual = PAUSES[attempts - 1];
  if (usual === undefined) return null;
  return Math.max(Math.round(usual * (0.8 + 0.4 * chance)), Math.min(askedMs ?? 0, 24 * HOUR));
}

/** Answers that are about the one message, not about the endpoint: it understands us, and does not want this. */
const ABOUT_THE_MESSAGE = new Set([400, 406, 409, 411, 413, 414, 415, 422]);

/** Whether an attempt that failed so (null: no answer at all) tells that nothing gets through to the endpoint. */
export const blames = (status: number | null): boolean => status === null || !ABOUT_THE_MESSAGE.has(status);

/** How long an endpoint is left alone when nothing has got through for so long, real ms; longer where it asks for it, at most an hour. */
export function heldFor(failedMs: number, askedMs: number | null): number {
  return Math.max(Math.min(failedMs / 10, 5 * MINUTE), Math.min(askedMs ?? 0, HOUR));
}
