/**
 * How values are read when they are compared. The SQL functions `number_of` and `instant_of` and db/conditions/test-sql.ts say the same,
 * and a property test holds them equal.
 */

/** Text is compared without regard to case. */
export const fold = (text: string): string => text.toLowerCase();

const NUMBER = /^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$/;

/** The number a value stands for: itself, or text that is nothing but one. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : null;
}

const INSTANT =
  /^([1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,6}))?)?(?:Z|([+-])(0[0-9]|1[0-4]):([0-5][0-9]))?)?$/;

/** The instant an ISO date or date and time stands for, in ms; of UTC where it names no offset. Null for anything else, and for days that no month has. */
export function instantOf(value: unknown): number | null {
  if (value instanceof Date) return value.getTime();
  const parts = typeof value === 'string' ? INSTANT.exec(value) : null;
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (parts[8] === '-' ? -1 : 1) * (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * 60_000;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms) - offset;
}

/** Whether two values are the same: numbers also when one is written as text, yes and no also as `true` and `false`. */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' || typeof b === 'number') {
    const [x, y] = [numberOf(a), numberOf(b)];
    return x !== null && x === y;
  }
  const [x, y] = [textOf(a), textOf(b)];
  return x !== null && y !== null && fold(x) === fold(y);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : null);

/** Grades go from D to A: `fit: { gte: C }` is C or better. */
export const GRADES = 'DCBA';
export const isGrade = (value: unknown): value is string => typeof value === 'string' && value.length === 1 && GRADES.includes(value);

/** Negative, zero or positive; NaN where the two cannot be ordered, so that every comparison fails. */
export function order(value: unknown, bound: number | string): number {
  if (typeof bound === 'number') return (numberOf(value) ?? Number.NaN) - bound;
  if (typeof value !== 'string' || typeof bound !== 'string') return Number.NaN;
  if (isGrade(bound) && isGrade(value)) return GRADES.indexOf(value) - GRADES.indexOf(bound);
  return byCodePoint(fold(value), fold(bound));
}

/** As Postgres orders text: by code points, not by the halves of surrogate pairs. */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < x.length && i < y.length; i++) if (x[i] !== y[i]) return x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
  return x.length - y.length;
}
