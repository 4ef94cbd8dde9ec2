/**
 * Arrays as Postgres receives them in binary (`array_recv`): dimensions, whether nulls are among them, the type of the elements; then the length and
 * the first index of the one dimension; then each element behind its length in bytes. Ids and instants come by the ten thousand, and to read one
 * as text costs the server five times as much.
 */

const UUID = 2950;
const TIMESTAMPTZ = 1184;
const HEAD = 20;
const NULL = -1;

/** Null where one of them is no id of eight, four, four, four and twelve digits, or no string at all. */
export function uuidArray(values: readonly unknown[]): Buffer | null {
  return array(values, { type: UUID, bytes: 16 }, putUuid);
}

/** Microseconds since 2000. Null where one of them is no date, or one so far away that its microseconds are no exact number. */
export function instantArray(values: readonly unknown[]): Buffer | null {
  return array(values, { type: TIMESTAMPTZ, bytes: 8 }, putInstant);
}

function array(
  values: readonly unknown[],
  { type, bytes }: { type: number; bytes: number },
  put: (to: Buffer, at: number, value: unknown) => boolean,
): Buffer | null {
  const to = Buffer.allocUnsafe(HEAD + values.length * (4 + bytes));
  let at = HEAD;
  let nulls = 0;
  for (const value of values) {
    const isNull = value === null || value === undefined;
    to.writeInt32BE(isNull ? NULL : bytes, at);
    at += 4;
    if (isNull) nulls = 1;
    else if (put(to, at, value)) at += bytes;
    else return null;
  }
  [values.length > 0 ? 1 : 0, nulls, type, values.length, 1].forEach((word, n) => to.writeInt32BE(word, n * 4));
  return to.subarray(0, values.length > 0 ? at : 12);
}

/** What each letter says as a digit of sixteen; -1: nothing. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()));
const DASHES = [8, 13, 18, 23];
/** Where the two digits of each byte begin. */
const PAIRS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

function putUuid(to: Buffer, at: number, value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 36 || DASHES.some((dash) => value[dash] !== '-')) return false;
  let wrong = 0;
  for (const from of PAIRS) {
    const high = DIGITS[value.charCodeAt(from)] ?? -1;
    const low = DIGITS[value.charCodeAt(from + 1)] ?? -1;
    wrong |= high | low;
    to[at++] = (high << 4) | low;
  }
  return wrong >= 0;
}

const IN_2000 = Date.UTC(2000, 0, 1);
const WORD = 2 ** 32;

function putInstant(to: Buffer, at: number, value: unknown): boolean {
  const micros = value instanceof Date ? (value.getTime() - IN_2000) * 1_000 : Number.NaN;
  if (!Number.isSafeInteger(micros)) return false;
  const high = Math.floor(micros / WORD);
  to.writeInt32BE(high, at);
  to.writeUInt32BE(micros - high * WORD, at + 4);
  return true;
}
