import { type Evidence, leafWords } from '../conditions/evaluate.ts';

/** `12.5`, `-3`: points as people read them, to a tenth. */
export const pointWords = (points: number): string => String(Math.round(points * 10) / 10 || 0);

/** `1 point`, `12.5 points`. */
export const inPoints = (points: number): string => `${pointWords(points)} ${Math.abs(points) === 1 ? 'point' : 'points'}`;

/** What a part of a condition looks at and what it saw: `engagement ≥ 60 (is 41.3)`. */
export function seenWords({ leaf, value }: Evidence): string {
  if (leaf.kind === 'tag') return leafWords(leaf);
  const seen =
    value === null || value === undefined || value === ''
      ? 'not known'
      : `is ${typeof value === 'number' ? pointWords(value) : String(value)}`;
  return `${leafWords(leaf)} (${seen})`;
}

/** `2 March 2026, 09:00 UTC`. */
export function instantWords(at: Date): string {
  const text = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at);
  return `${text.replace(' at ', ', ')} UTC`;
}
