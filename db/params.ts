import { instantArray, uuidArray } from './binary-arrays.ts';

/** What an array of plain values is to Postgres, in one go: arrays come by the thousand, and the client library escapes each of their values twice. */

type Plain = string | number | boolean | bigint | Date | null | undefined;

/** The end of the year 9999: ISO 8601 writes later instants another way. */
const LAST = 253_402_300_799_999;

/** How a statement says what an array is. */
const SAID = /\$(\d+)::(\w+)\[\]/g;
/** Those that travel in binary. */
const binary = new Map([
  ['uuid', uuidArray],
  ['timestamptz', instantArray],
]);

/** The parameters of a statement as they go to the client library: arrays of plain values in one piece, all else as it is. */
export function encodeParams(statement: string, values: readonly unknown[]): readonly unknown[] {
  if (!values.some(Array.isArray)) return values;
  const types = typesIn(statement);
  return values.map((value, n) => (Array.isArray(value) ? encodeArray(value, types.get(n)) : value));
}

/** The types of a statement's arrays by their positions; null where it says two of one: Postgres takes only one of them as it is, and text for either. */
function typesIn(statement: string): Map<number, string | null> {
  const types = new Map<number, string | null>();
  for (const [, position, type] of statement.matchAll(SAID)) {
    const n = Number(position) - 1;
    types.set(n, types.has(n) && types.get(n) !== type ? null : type!);
  }
  return types;
}

/** In binary where its type is known; else a literal (`{a,b,NULL}`), which Postgres also complains about where a value is wrong. */
function encodeArray(values: readonly unknown[], type: string | null | undefined): unknown {
  return binary.get(type ?? '')?.(values) ?? (values.every(isPlain) ? `{${values.map(element).join(',')}}` : values);
}

function isPlain(value: unknown): value is Plain {
  if (value instanceof Date) return value.getTime() >= 0 && value.getTime() <= LAST;
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
}

function element(value: Plain): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return `"${value.includes('"') || value.includes('\\') ? value.replace(/["\\]/g, '\\$&') : value}"`;
  return value instanceof Date ? value.toISOString() : String(value);
}

const zero = 48;
const digits = (text: string, from: number, count: number): number => {
  let n = 0;
  for (let i = from; i < from + count; i++) n = n * 10 + text.charCodeAt(i) - zero;
  return n;
};

/** `2026-11-22 10:20:20.123456+00`, as Postgres writes it where the time zone is UTC. */
const INSTANT = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;

/** An instant as Postgres writes it in UTC, to the millisecond; null where it is another (years before 1000 and after 9999, `infinity`). */
export function instantOf(text: string): Date | null {
  if (!INSTANT.test(text)) return null;
  const fraction = text.length - 23;
  const ms = fraction > 0 ? Math.trunc((digits(text, 20, fraction) * 1_000) / 10 ** fraction) : 0;
  return new Date(
    Date.UTC(
      digits(text, 0, 4),
      digits(text, 5, 2) - 1,
      digits(text, 8, 2),
      digits(text, 11, 2),
      digits(text, 14, 2),
      digits(text, 17, 2),
      ms,
    ),
  );
}
