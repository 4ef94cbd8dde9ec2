/** Where a mail of the ledger stands. All but `queued`, `in_flight` and `unknown` are ends; `unknown` may still be settled, and is never resent blind. */
export type SendState = 'queued' | 'in_flight' | 'accepted' | 'failed' | 'suppressed' | 'cancelled' | 'unknown';

/** Real milliseconds that a batch may be under way. */
export const LEASE_MS = 60_000;
/** After its lease, how much longer a batch's worker may be late with the answer before anyone else calls its mails unknown, real ms. */
export const GRACE_MS = 30_000;
/** Certain refusals for now (not the lane's own trouble) after which a mail is given up. */
export const MOST_ATTEMPTS = 10;

export interface LedgerRow {
  state: SendState;
  /** Names the departure; kept while under way and unknown, so that its holder alone may settle it. */
  token: string | null;
  /** End of the lease, real ms; only while in flight. */
  until: number | null;
  /** How often it went to the socket and was not simply turned away with the whole lane. */
  attempts: number;
  /** It was at the socket once, whatever came of it. */
  departed: boolean;
}

export type Move =
  | { kind: 'depart'; token: string; now: number }
  | { kind: 'refuse'; as: 'cancelled' | 'suppressed' | 'failed' }
  /** `retry` and `lane` are certain: the server did not take it. `lane` is trouble of the lane, not of the mail. */
  | { kind: 'settle'; token: string; outcome: 'accepted' | 'failed' | 'retry' | 'lane' | 'unknown' }
  /** What the provider says later; also of a mail that it seemed to have refused, and had taken. */
  | { kind: 'report'; outcome: 'accepted' | 'failed' }
  | { kind: 'expire'; now: number };

const free = { token: null, until: null };

/** The row after the move, or null where the move matches nothing: too late, not one's own, or not from here. */
export function move(row: LedgerRow, by: Move): LedgerRow | null {
  switch (by.kind) {
    case 'depart':
      return row.state === 'queued'
        ? { state: 'in_flight', token: by.token, until: by.now + LEASE_MS, attempts: row.attempts + 1, departed: true }
        : null;
    case 'refuse':
      return row.state === 'queued' ? { ...row, ...free, state: by.as } : null;
    case 'settle':
      return row.token === by.token && (row.state === 'in_flight' || row.state === 'unknown') ? settled(row, by.outcome) : null;
    case 'report':
      return row.state === 'in_flight' || row.state === 'unknown' || (row.state === 'queued' && row.departed)
        ? { ...row, ...free, state: by.outcome }
        : null;
    case 'expire':
      return row.until !== null && row.until + GRACE_MS <= by.now ? { ...row, until: null, state: 'unknown' } : null;
  }
}

function settled(row: LedgerRow, outcome: 'accepted' | 'failed' | 'retry' | 'lane' | 'unknown'): LedgerRow {
  if (outcome === 'accepted' || outcome === 'failed') return { ...row, ...free, state: outcome };
  if (outcome === 'unknown') return { ...row, until: null, state: 'unknown' };
  if (outcome === 'lane') return { ...row, ...free, state: 'queued', attempts: row.attempts - 1 };
  return { ...row, ...free, state: row.attempts >= MOST_ATTEMPTS ? 'failed' : 'queued' };
}

/** How long until the next attempt after `attempts` of them were refused for now, ms: half a minute, then fourfold, at most an hour. */
export function retryAfter(attempts: number): number {
  return Math.min(30_000 * 4 ** Math.max(0, attempts - 1), 3_600_000);
}
