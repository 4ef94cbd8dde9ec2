import { z } from 'zod';
import type { Calendar } from '../calendar/calendar.ts';
import { type Duration, duration, isCountable, lengthMs, minus, plus } from '../calendar/duration.ts';
import { fold, instantOf, order, same } from './values.ts';

/** A moment to compare with: an ISO date or date and time, `now`, `now+7d`, `now-30d`, or what the entry brought (`$entry.starts_at`). */
const RELATIVE = /^now(?:([+-])(\d{1,6}(?:s|m|h|d|w|mo|bd)))?$/;
const isRelative = (given: string): boolean => {
  const found = RELATIVE.exec(given);
  return found !== null && isCountable(found[2] ?? '');
};
const moment = z
  .string()
  .refine(
    (given) => isReference(given) || isRelative(given) || instantOf(given) !== null,
    'is not a moment: write a date such as 2026-12-24, a date and time, now, now+7d or now-30d',
  );

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
  before: moment.optional(),
  after: moment.optional(),
  within: z.union([duration, z.strictObject({ last: duration }), z.strictObject({ next: duration })]).optional(),
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

/** What a comparison may speak of besides the value. */
export interface TestContext {
  /** The instant that `now` and `within` mean; without it they hold of nothing. */
  now?: Date | undefined;
  /** What brought the lead into the campaign: `$entry.occasion`. */
  entry?: Record<string, unknown> | undefined;
  /** For durations in business days. */
  zone?: string | undefined;
  calendar?: Calendar | undefined;
}

/** Whether a bound stands for a property of what brought the lead in. */
export const isReference = (bound: unknown): bound is `$entry.${string}` => typeof bound === 'string' && bound.startsWith('$entry.');

/** A bound that is not known: nothing is the same, before or after. */
const UNKNOWN = Symbol('unknown');

/** The test with its references put in from what brought the lead in. */
function resolved(wanted: Test, { entry = {} }: TestContext): Test {
  if (!Object.values(wanted).some((bound) => isReference(bound) || (Array.isArray(bound) && bound.some(isReference)))) return wanted;
  const put = (bound: unknown): unknown => {
    if (!isReference(bound)) return bound;
    const name = bound.slice('$entry.'.length);
    return (Object.hasOwn(entry, name) ? entry[name] : null) ?? UNKNOWN;
  };
  return Object.fromEntries(
    Object.entries(wanted).map(([op, bound]) => [op, Array.isArray(bound) ? (bound as unknown[]).map(put) : put(bound)]),
  );
}

/** The instant a moment of a test means, in ms; null when it is not known. */
export function momentMs(given: unknown, { now, zone, calendar }: TestContext): number | null {
  const relative = typeof given === 'string' ? RELATIVE.exec(given) : null;
  if (!relative) return instantOf(given);
  if (!now) return null;
  const [, sign, length] = relative;
  if (!length) return now.getTime();
  return shifted(now, length as Duration, sign === '-' ? -1 : 1, { zone, calendar });
}

/** From and to, in ms, of the time `within` means: the last so long up to now, or now and the next so long. Null without a now. */
export function withinMs(given: NonNullable<Test['within']>, { now, ...around }: TestContext): { from: number; to: number } | null {
  if (!now) return null;
  if (typeof given === 'object' && 'next' in given) return { from: now.getTime(), to: shifted(now, given.next, 1, around) };
  return { from: shifted(now, typeof given === 'string' ? given : given.last, -1, around), to: now.getTime() };
}

function shifted(now: Date, by: Duration, sign: 1 | -1, { zone, calendar }: TestContext): number {
  if (!by.endsWith('bd')) return now.getTime() + sign * lengthMs(by);
  return (sign === 1 ? plus : minus)(now, by, zone, calendar).getTime();
}

/**
 * Whether a value passes. Text is compared without regard to case; numbers and yes/no also where one side is written as text; `contains`
 * looks into lists and text; a missing value passes only `ne`, `exists: false` and `null`. `before`, `after` and `within` read ISO dates.
 */
export function passes(value: unknown, test: Test, context: TestContext = {}): boolean {
  const wanted = resolved(test, context);
  const missing = value === undefined || value === null || value === '';
  if (wanted.exists !== undefined && wanted.exists === missing) return false;
  if (wanted.ne !== undefined && (wanted.ne === null ? missing : same(value, wanted.ne))) return false;
  const { eq, gt, gte, lt, lte, contains, before, after, within } = wanted;
  if (missing)
    return (
      (eq === undefined || eq === null) && [gt, gte, lt, lte, wanted.in, contains, before, after, within].every((one) => one === undefined)
    );
  if (eq !== undefined && !same(value, eq)) return false;
  if (gt !== undefined && !(order(value, gt) > 0)) return false;
  if (gte !== undefined && !(order(value, gte) >= 0)) return false;
  if (lt !== undefined && !(order(value, lt) < 0)) return false;
  if (lte !== undefined && !(order(value, lte) <= 0)) return false;
  if (wanted.in !== undefined && !wanted.in.some((one) => same(value, one))) return false;
  if (contains !== undefined && !holds(value, contains)) return false;
  const at = before === undefined && after === undefined && within === undefined ? null : instantOf(value);
  if (before !== undefined && !(at !== null && at < (momentMs(before, context) ?? -Infinity))) return false;
  if (after !== undefined && !(at !== null && at > (momentMs(after, context) ?? Infinity))) return false;
  const span = within && withinMs(within, context);
  return within === undefined || (at !== null && !!span && at >= span.from && at <= span.to);
}

function holds(value: unknown, part: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => same(one, part));
  return typeof value === 'string' && typeof part !== 'symbol' && fold(value).includes(fold(String(part)));
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
    .map(([op, bound]) => {
      if (op === 'within') return withinWords(bound as NonNullable<Test['within']>);
      if (op === 'exists' || bound === null) return bound === true || op === 'ne' ? 'is known' : 'is not known';
      return `${SIGNS[op]} ${Array.isArray(bound) ? bound.join(', ') : String(bound)}`;
    })
    .join(' and ');
}

const withinWords = (given: NonNullable<Test['within']>): string =>
  typeof given === 'object' && 'next' in given
    ? `in the next ${given.next}`
    : `in the last ${typeof given === 'string' ? given : given.last}`;
