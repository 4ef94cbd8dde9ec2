const suspicious = /\\u0000|\\u[dD][89a-fA-F]/;

/**
 * Parses JSON without what Postgres cannot store: NUL characters are dropped, halves of surrogate pairs become U+FFFD, in keys
 * and values. A cut emoji shall not cost the batch it came in. Throws SyntaxError as JSON.parse does.
 */
export function parseJson(text: string): unknown {
  if (!suspicious.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === 'string') return clean(value);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), inner]));
  });
}

function clean(text: string): string {
  return text.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}
