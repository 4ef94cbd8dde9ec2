import { z } from 'zod';

/** How a value is compared. A bare value is `eq`; several keys in one object must all hold. */
export const test = z.strictObject({
  eq: z.unknown().optional(),
  ne: z.unknown().optional(),
  gt: z.union([z.number(), z.string()]).optional(),
  gte: z.union([z.number(), z.string()]).optional(),
  lt: z.union([z.number(), z.string()]).optional(),
  lte: z.union([z.number(), z.string()]).optional(),
  in: z.array(z.unknown()).optional(),
  contains: z.unknown().optional(),
  exists: z.boolean().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type Test = z.infer<typeof test>;

/** Reads a bare value or an object of comparisons. */
export function parseTest(given: unknown): Test {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? test.parse(given) : { eq: given };
}

/** Reads the comparisons of an event's properties, by their names: a document's `where`. */
export function parseWhere(where: Record<string, unknown>): Record<string, Test> {
  return Object.fromEntries(Object.entries(where).map(([name, wanted]) => [name, parseTest(wanted)]));
}

const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
const same = (a: unknown, b: unknown): boolean => fold(a) === fold(b);

/** Grades go from D to A: `fit: { gte: C }` is C or better. */
const GRADES = ['D', 'C', 'B', 'A'];

/** Negative, zero or positive; NaN where the two cannot be ordered, so that every comparison fails. */
function order(value: unknown, bound: number | string): number {
  if (typeof bound === 'string' && GRADES.includes(bound)) return GRADES.indexOf(String(value)) - GRADES.indexOf(bound);
  if (typeof bound === 'number')
    return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) - bound : Number.NaN;
  return typeof value === 'string' ? value.localeCompare(bound) : Number.NaN;
}

const instant = (value: unknown): number =>
  value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;

/**
 * Whether a value passes. Text is compared without regard to case; `contains` looks into lists and text;
 * a missing value passes only `ne` and `exists: false`. `before` and `after` take ISO dates.
 */
export function passes(value: unknown, wanted: Test): boolean {
  const missing = value === undefined || value === null || value === '';
  if (wanted.exists !== undefined && wanted.exists === missing) return false;
  if (wanted.ne !== undefined && same(value, wanted.ne)) return false;
  const { eq, gt, gte, lt, lte, contains, before, after } = wanted;
  if (missing) return [eq, gt, gte, lt, lte, wanted.in, contains, before, after].every((bound) => bound === undefined);
  if (eq !== undefined && !same(value, eq)) return false;
  if (gt !== undefined && !(order(value, gt) > 0)) return false;
  if (gte !== undefined && !(order(value, gte) >= 0)) return false;
  if (lt !== undefined && !(order(value, lt) < 0)) return false;
  if (lte !== undefined && !(order(value, lte) <= 0)) return false;
  if (wanted.in !== undefined && !wanted.in.some((one) => same(value, one))) return false;
  if (contains !== undefined && !holds(value, contains)) return false;
  if (before !== undefined && !(instant(value) < instant(before))) return false;
  if (after !== undefined && !(instant(value) > instant(after))) return false;
  return true;
}

function holds(value: unknown, part: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => same(one, part));
  return typeof value === 'string' && value.toLowerCase().includes(String(part).toLowerCase());
}

const SIGNS: Record<string, string> = {
  eq: 'is',
  ne: 'is not',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  in: 'is one of',
  contains: 'contains',
  before: 'before',
  after: 'after',
};

/** `≥ 2 and < 5`, for people. */
export function testWords(wanted: Test): string {
  return Object.entries(wanted)
    .filter(([, bound]) => bound !== undefined)
    .map(([op, bound]) =>
      op === 'exists' ? (bound ? 'is known' : 'is not known') : `${SIGNS[op]} ${Array.isArray(bound) ? bound.join(', ') : String(bound)}`,
    )
    .join(' and ');
}
