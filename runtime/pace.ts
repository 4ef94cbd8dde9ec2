/** How fast something may go: so many at once after a rest, then so many a second. */
export interface Pace {
  burst: number;
  perSecond: number;
}

/** Keeps a pace: each call is one that would go now. Answers 0 where it may, else how long it has to wait, ms. */
export function createPace({ burst, perSecond }: Pace): () => number {
  let left = burst;
  let at = Date.now();

  return function goes() {
    const now = Date.now();
    left = Math.min(burst, left + ((now - at) * perSecond) / 1_000);
    at = now;
    if (left < 1) return Math.ceil(((1 - left) * 1_000) / perSecond);
    left--;
    return 0;
  };
}
