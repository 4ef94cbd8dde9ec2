import { isReference, momentMs, type Test, type TestContext, withinMs } from '../../domain/conditions/test.ts';
import { GRADES, isGrade, numberOf } from '../../domain/conditions/values.ts';
import type { Params } from './params.ts';

/** Lower case as JavaScript's, and an order by code points. */
const COLLATION = 'collate "pg_unicode_fast"';
const folded = (text: string): string => `lower(${text} ${COLLATION})`;

/**
 * A comparison of a jsonb expression as SQL that is true or false, never null: what `passes` of domain/conditions/test.ts says of the
 * same value. Bounds become parameters. Throws on a reference to the entry, which a statement about many leads cannot put in.
 */
export function testSql(value: string, wanted: Test, params: Params, context: TestContext): string {
  const bounds = Object.values(wanted).flat();
  if (bounds.some(isReference)) throw new Error('a condition about other people cannot speak of $entry');
  const text = `(${value} #>> '{}')`;
  const isText = `jsonb_typeof(${value}) = 'string'`;
  const missing = `coalesce(${value} in ('null', '""'), true)`;
  const is = (bound: unknown): string => sameSql(value, bound, params);
  const instant = (op: string, ms: number | null): string =>
    ms === null ? 'false' : `(${isText} and instant_of(${text}) ${op} ${params.add(new Date(ms), 'timestamptz')})`;
  const known: string[] = [];
  const parts: string[] = [];

  const { eq, ne, exists, contains, before, after, within } = wanted;
  if (exists !== undefined) parts.push(exists ? `not ${missing}` : missing);
  if (ne !== undefined) parts.push(ne === null ? `not ${missing}` : `not coalesce(${is(ne)}, false)`);
  if (eq === null) parts.push(missing);
  else if (eq !== undefined) known.push(is(eq));
  for (const [op, sign] of Object.entries(SIGNS)) {
    const bound = wanted[op as keyof typeof SIGNS];
    if (bound !== undefined) known.push(orderSql({ value, text, isText }, sign, bound, params));
  }
  if (wanted.in !== undefined) known.push(anyOf(wanted.in.map(is)));
  if (contains !== undefined) {
    const among = `exists (select from jsonb_array_elements(case when jsonb_typeof(${value}) = 'array' then ${value} end) as part where ${sameSql('part', contains, params)})`;
    known.push(`(${among} or (${isText} and strpos(${folded(text)}, ${folded(params.add(String(contains), 'text'))}) > 0))`);
  }
  if (before !== undefined) known.push(instant('<', momentMs(before, context)));
  if (after !== undefined) known.push(instant('>', momentMs(after, context)));
  if (within !== undefined) {
    const span = withinMs(within, context);
    known.push(instant('>=', span?.from ?? null), instant('<=', span?.to ?? null));
  }
  if (known.length > 0) parts.push(`not ${missing}`, ...known.map((one) => `coalesce(${one}, false)`));
  return parts.length === 0 ? 'true' : `(${parts.join(' and ')})`;
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

const anyOf = (parts: readonly string[]): string =>
  parts.length === 0 ? 'false' : `(${parts.map((one) => `coalesce(${one}, false)`).join(' or ')})`;

/** What `same` says: null only where the value is. */
function sameSql(value: string, bound: unknown, params: Params): string {
  const parts: string[] = [];
  const number = numberOf(bound);
  if (typeof bound === 'number') return `number_of(${value}) = ${params.add(bound, 'float8')}`;
  if (number !== null) parts.push(`(jsonb_typeof(${value}) = 'number' and number_of(${value}) = ${params.add(number, 'float8')})`);
  if (typeof bound === 'boolean' || typeof bound === 'string') {
    const text = `${folded(`(${value} #>> '{}')`)} = ${folded(params.add(String(bound), 'text'))}`;
    parts.push(`(jsonb_typeof(${value}) in ('string', 'boolean') and ${text})`);
  }
  return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`;
}

function orderSql(
  { value, text, isText }: { value: string; text: string; isText: string },
  sign: string,
  bound: number | string,
  params: Params,
): string {
  if (typeof bound === 'number') return `number_of(${value}) ${sign} ${params.add(bound, 'float8')}`;
  const ordered = `${folded(text)} ${sign} ${folded(params.add(bound, 'text'))}`;
  if (!isGrade(bound)) return `(${isText} and ${ordered})`;
  const graded = `strpos('${GRADES}', ${text}) ${sign} ${GRADES.indexOf(bound) + 1}`;
  return `(${isText} and case when ${text} in ('A', 'B', 'C', 'D') then ${graded} else ${ordered} end)`;
}
