import { type Hours, openingsBetween } from './hours.ts';

/** How much open time lies between two instants (epoch ms), in ms; 0 when the second is not later. */
export type OpenMeter = (from: number, to: number) => number;

/**
 * Measures open time within a period, however often it is asked: the openings are laid out once and each question is two searches. Instants outside
 * the period count as its ends.
 */
export function openMeter(period: { from: Date; to: Date }, hours: Hours, zone: string, holidays: readonly string[] = []): OpenMeter {
  const openings = openingsBetween(period.from, period.to, hours, zone, holidays);
  const before = new Float64Array(openings.length + 1);
  openings.forEach(({ from, to }, n) => (before[n + 1] = before[n]! + to - from));

  /** Open time from the beginning of the period to an instant. */
  function until(at: number): number {
    let [low, high] = [0, openings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (openings[middle]!.from < at) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const { from, to } = openings[low - 1]!;
    return before[low - 1]! + Math.min(at, to) - from;
  }

  return (from, to) => Math.max(0, until(to) - until(from));
}
