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
