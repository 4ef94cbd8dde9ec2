import { createHash } from 'node:crypto';
import { takeCircumstances } from './circumstances.ts';
import type { Recognised } from './types.ts';

/** The same for the same answers, in whatever order they came and however the person came to the form. */
export function contentHash(recognised: Recognised): string {
  const pairs = takeCircumstances(recognised).rest.map(({ key, value }) => JSON.stringify([key, value]));
  return createHash('sha256').update(pairs.toSorted().join('\n')).digest('base64url');
}
