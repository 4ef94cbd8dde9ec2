import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) drawn from names: always the same for the same names, evenly spread over all. Whoever is drawn by lead and campaign
 * stays where it fell, on every machine and for ever.
 */
export function lot(...names: readonly string[]): number {
  return createHash('sha256').update(names.join('/')).digest().readUInt32BE(0) / 2 ** 32;
}
