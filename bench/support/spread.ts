export interface Spread {
  /** Milliseconds. */
  p50: number;
  p95: number;
  count: number;
}

/** The middle and the slow end of some times, ms. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p95: at(0.95), count: sorted.length };
}
