import { z } from 'zod';

/**
 * The document `topics`: what people can be written to about, and on what ground. `opt-in` needs their consent;
 * `legitimate-interest` holds until they object.
 */
export const topics = z.strictObject({
  topics: z
    .array(
      z.strictObject({
        key: z.string().min(1),
        name: z.string().min(1),
        description: z.string().optional(),
        basis: z.enum(['opt-in', 'legitimate-interest']).default('opt-in'),
      }),
    )
    .default([]),
});

export type Topics = z.infer<typeof topics>;

/** Why a topic may not be mailed to somebody whose newest word on it is `granted` (null: none), or null when it may. A topic that is not in the document needs no opt-in. */
export function refusal(document: Topics, topic: string, granted: boolean | null): 'no_consent' | 'consent_withdrawn' | null {
  if (granted === true) return null;
  if (granted === false) return 'consent_withdrawn';
  const known = document.topics.find((one) => one.key === topic);
  return known?.basis === 'opt-in' ? 'no_consent' : null;
}
