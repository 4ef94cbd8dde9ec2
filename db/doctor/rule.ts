/**
 * Something that must never be (or that somebody should know of), as a query that finds it.
 * `sql` selects the offending rows, ids and states only, and may use `w`: one row with the workspace's `now`, `real`,
 * `rate`, `anchor`, `stopped` and `grace` (real seconds a healthy instance may need to get round to something).
 */
export interface Rule {
  check: string;
  /** What must hold, as a sentence. */
  what: string;
  /** What to do when it does not. */
  mend: string;
  sql: string;
  /** Worth knowing, not a violation. */
  listOnly?: boolean;
}

/**
 * True when a due instant has been past for longer than the grace, in real time. A clock that was jumped a minute ago has
 * made nothing overdue for longer than that minute.
 */
export const late = (due: string): string =>
  `(${due} < w.now and least(extract(epoch from w.real - w.anchor)::double precision,
     case when w.rate > 0 then extract(epoch from w.now - ${due})::double precision / w.rate else 'Infinity' end) > w.grace)`;

/** Two transactions that began within one real second of each other may have passed unseen: at the clock's present rate. */
export const unseen = `make_interval(secs => greatest(w.rate, 1))`;

/**
 * SQL: that a mail `s` may be said to have left after something that was made at a real instant (`infinity`: nobody knows when). Where the clock went
 * back, what left before is dated later than what comes after.
 */
export const comparable = (madeAt: string): string =>
  `not exists (select from clock_setback b where s.in_flight_at > b.back_to and s.in_flight_at <= b.back_from
                  and uuid_extract_timestamp(s.id) < b.at_real and ${madeAt} >= b.at_real)`;
