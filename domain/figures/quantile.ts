/** A set of numbers at a glance: how many, the middle one, and the one that nine of ten do not exceed. */
export interface Summary {
  n: number;
  /** Null: there are none. */
  median: number | null;
  p90: number | null;
}

/**
 * The value below which the share `q` of the numbers lies, between two of them in proportion: definition 7 of R. J. Hyndman and Y. Fan, "Sample
 * quantiles in statistical packages" (1996), which is Postgres' `percentile_cont`, too. `sorted` rises and is not empty; 0 ≤ q ≤ 1.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/** The summary of numbers in any order. */
export function summary(values: readonly number[]): Summary {
  if (values.length === 0) return { n: 0, median: null, p90: null };
  const sorted = Float64Array.from(values).sort();
  return { n: values.length, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}
