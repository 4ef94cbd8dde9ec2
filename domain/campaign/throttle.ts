import { gapMs, type Pace } from './pace.ts';

const MINUTE = 60_000;

/** How long a bucket of this rate is: as long as from one mail to the next, in whole minutes. */
export const bucketMs = (rate: Pace): number => Math.ceil(gapMs(rate) / MINUTE) * MINUTE;

/** A mail that wants a place: not before `from`; `next` says when it may leave at or after an instant (its window). */
export interface Wanting {
  id: string;
  from: Date;
  next(at: Date): Date;
}

export interface Place {
  id: string;
  at: Date;
  bucket: Date;
}

/**
 * Places mails so that no bucket holds more than the rate allows, each as early as its window lets it, in the order given, evenly spread within a
 * bucket. `taken` is how many each bucket (by its start, epoch ms) holds already, and is counted on.
 */
export function place(wanting: readonly Wanting[], rate: Pace, taken: Map<number, number>): Place[] {
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

  return wanting.map(({ id, from, next }) => {
    let at = next(from).getTime();
    for (;;) {
      const n = free(Math.floor(at / length));
      const spread = n * length + (held(n) * length) / room(n);
      const open = next(new Date(Math.max(at, Math.floor(spread))));
      if (Math.floor(open.getTime() / length) === n) {
        taken.set(n * length, held(n) + 1);
        return { id, at: open, bucket: new Date(n * length) };
      }
      at = open.getTime();
    }
  });
}
