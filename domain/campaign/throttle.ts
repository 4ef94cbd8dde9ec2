import { gapMs, type Pace } from './pace.ts';

const MINUTE = 60_000;

/** How long a bucket of this rate is: as long as from one mail to the next, in whole minutes. */
export const bucketMs = (rate: Pace): number => Math.ceil(gapMs(rate) / MINUTE) * MINUTE;

/** Where a mail would stand in the throttle. */
export interface Place {
  at: Date;
  /** Start of its bucket, epoch ms. */
  bucket: number;
}

/**
 * Gives mails their places so that no bucket holds more than the rate allows, each as early as its window lets it, evenly spread within
 * a bucket. `taken` is how many each bucket (by its start, epoch ms) holds already; `take` counts on in it.
 */
export function throttle(rate: Pace, taken: Map<number, number>) {
  const length = bucketMs(rate);
  const gap = gapMs(rate);
  // Differences of floors: any stretch of buckets holds what the rate gives for it, never one more.
  const room = (n: number): number => Math.floor(((n + 1) * length) / gap) - Math.floor((n * length) / gap);
  const held = (n: number): number => taken.get(n * length) ?? 0;
  const skip = new Map<number, number>();
  const free = (n: number): number => {
    let found = n;
    while (held(found) >= room(found)) found = skip.get(found) ?? found + 1;
    if (found > n) skip.set(n, found);
    return found;
  };

  return {
    rate,
    /** The next place at or after `from`; `next` says when the mail may leave at or after an instant (its window). */
    find(from: Date, next: (at: Date) => Date): Place {
      let at = next(from).getTime();
      for (;;) {
        const n = free(Math.floor(at / length));
        const spread = Math.ceil(n * length + (held(n) * length) / room(n));
        const open = next(new Date(Math.max(at, spread))).getTime();
        if (Math.floor(open / length) === n) return { at: new Date(open), bucket: n * length };
        at = open;
      }
    },
    take({ bucket }: Place): void {
      taken.set(bucket, (taken.get(bucket) ?? 0) + 1);
    },
  };
}
export type Throttle = ReturnType<typeof throttle>;
