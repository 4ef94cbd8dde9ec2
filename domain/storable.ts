/**
 * A text without what no column keeps: NUL characters are left out, halves of surrogate pairs become U+FFFD; that which cutting it off after
 * `longest` characters makes, too.
 */
export function storable(written: string, longest = Infinity): string {
  const text = written.replaceAll('\0', '').slice(0, longest);
  return /[\uD800-\uDFFF]/.test(text) ? text.replaceAll(/\p{Surrogate}/gu, '\uFFFD') : text;
}

const suspicious = /\\u(?:0000|d[89a-f])/i;

/** A value as JSON text whose keys and texts are storable. */
export function storableJson(value: unknown): string {
  const written = JSON.stringify(value);
  if (!suspicious.test(written)) return written;
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'string') return storable(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [storable(key), one]));
  });
}

/** Whether a value is stored as it stands. */
export const isStorable = (value: unknown): boolean => storableJson(value) === JSON.stringify(value);

/** Reads JSON as something storable: a cut emoji shall not cost the batch it came in. Throws SyntaxError as JSON.parse does. */
export function parseStorable(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return suspicious.test(text) ? JSON.parse(storableJson(value)) : value;
}
