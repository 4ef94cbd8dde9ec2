import { z } from 'zod';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How many in how long, evenly spread: `500/h`; per `m`, `h` or `d`. It stays a string, so it is its own JSON. */
export const pace = z.string().regex(/^[1-9]\d{0,6}\/[mhd]$/, 'is not a pace such as 500/h, 20/m or 2000/d');
export type Pace = z.infer<typeof pace>;

/** Milliseconds of workspace time from one to the next: `500/h` → 7200. */
export function gapMs(of: Pace): number {
  const [n, unit] = of.split('/') as [string, keyof typeof unitMs];
  return unitMs[unit] / Number(n);
}
