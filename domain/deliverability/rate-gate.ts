/** Mails a minute through one gate: tokens that grow with time, and the line of those who were given a time. Instants are epoch ms. */
export interface RateUse {
  tokens: number;
  refilledAt: number;
  /** The last time that was given away; past or null: nobody stands in line. */
  bookedUntil: number | null;
  /** The highest priority in the line. */
  bookedPriority: number | null;
}

/** What a mail asks of a gate. */
export interface AsksRate {
  priority: number;
  /** It was given a time in this gate's line, and comes at it. */
  returning: boolean;
}

const MINUTE_MS = 60_000;
/** Mails leave by such pieces: as many as this lets through may go at once. */
const TICK_MS = 10_000;

/** How many may go at once through a gate that has been idle. */
export const burstOf = (perMinute: number): number => Math.max(1, Math.floor((perMinute * TICK_MS) / MINUTE_MS));

/** A gate that nothing has passed yet. */
export const openGate = (perMinute: number, now: number): RateUse => ({
  tokens: burstOf(perMinute),
  refilledAt: now,
  bookedUntil: null,
  bookedPriority: null,
});

/**
 * A gate of so many mails a minute: in any stretch of t minutes at most `perMinute × t` pass, and a burst. Whoever finds it shut is given the next
 * time at the end of the line; newcomers stand behind the line, unless they come before all of it by their priority.
 */
export function rateGate(perMinute: number, use: RateUse, now: number) {
  const gap = MINUTE_MS / perMinute;
  const passed = Math.max(0, now - use.refilledAt);
  let tokens = Math.min(burstOf(perMinute), use.tokens + passed / gap);
  let bookedUntil = use.bookedUntil !== null && use.bookedUntil > now ? use.bookedUntil : null;
  let bookedPriority = bookedUntil === null ? null : use.bookedPriority;
  let ahead = 0;
  // A hair's breadth: what has waited for its token to the millisecond has it.
  const has = (): boolean => tokens >= 1 - 1e-6;
  const first = (one: AsksRate): boolean => one.returning || bookedUntil === null || one.priority > (bookedPriority ?? -1);
  const tick = Math.min(TICK_MS, gap * burstOf(perMinute));
  /** A line moves in pieces, so that a mail a second is not a look a second. To the next whole millisecond: cut off, it would be now. */
  const onTick = (at: number): Date => new Date(Math.ceil(Math.ceil(at / tick) * tick));

  return {
    lets: (one: AsksRate): boolean => has() && first(one),
    charge(): void {
      tokens = Math.max(0, tokens - 1);
    },
    /** The time it may come again. */
    putOff(one: AsksRate): Date {
      const next = now + gap * Math.max(0, 1 - tokens);
      if (one.returning || (bookedUntil !== null && first(one))) return onTick(next + gap * ahead++);
      bookedUntil = bookedUntil === null ? next : bookedUntil + gap;
      bookedPriority = Math.max(bookedPriority ?? one.priority, one.priority);
      return onTick(bookedUntil);
    },
    /** How it stands now. */
    use: (): RateUse => ({ tokens, refilledAt: Math.max(now, use.refilledAt), bookedUntil, bookedPriority }),
  };
}
export type RateGate = ReturnType<typeof rateGate>;
