/**
 * Statistics of shares: how sure one may be of `successes` out of `n`. Sources: E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference" (1927), for the interval of one share; the pooled two-proportion z-test as in A. Agresti, "Categorical Data Analysis", §3.2;
 * P. J. Acklam's rational approximation of the normal quantile (relative error below 1.2e-9); Abramowitz and Stegun, "Handbook of Mathematical
 * Functions", 26.2.11 (series) and 26.2.14 (continued fraction) for the normal tail.
 */

/** How often something came of how many tries. */
export interface Share {
  n: number;
  successes: number;
}

/** Wilson's score interval of a share at a confidence such as 0.95: where the true one lies. Without tries it is everything. */
export function interval({ n, successes }: Share, confidence: number): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const p = successes / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: successes === 0 ? 0 : Math.max(0, middle - half), high: successes === n ? 1 : Math.min(1, middle + half) };
}

/** How likely two shares as different as these, or more so, would be if they were the same in truth (two-sided). 1 where there is nothing to compare. */
export function pValue(a: Share, b: Share): number {
  if (a.n === 0 || b.n === 0) return 1;
  const pooled = (a.successes + b.successes) / (a.n + b.n);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  return deviation === 0 ? 1 : 2 * normalTail(Math.abs(a.successes / a.n - b.successes / b.n) / deviation);
}

/** The share of the normal distribution beyond z ≥ 0. */
export function normalTail(z: number): number {
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let k = 1; Math.abs(term) > 1e-17 && k < 200; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / (z + fraction);
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / (z + fraction);
}

const A = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239];
const B = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const C = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const horner = (of: readonly number[], x: number): number => of.reduce((sum, one) => sum * x + one, 0);

/** The z below which the normal distribution has this share, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(C, q) / horner(D, q);
  }
  const q = p - 0.5;
  return (horner(A, q * q) * q) / horner(B, q * q);
}
