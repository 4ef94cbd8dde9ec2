import { z } from 'zod';
import { duration } from '../calendar/duration.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** An event that gives consent for a while without the person having said so (CASL: an inquiry for 6 months, a purchase for 24). */
const implied = z.strictObject({
  event: z.string().min(1),
  /** Properties the event must have. */
  where: z.record(z.string().min(1), scalar).default({}),
  lasts: duration,
  /** What it is called in the proof: `inquiry`, `purchase`. Default: the event's name. */
  as: z.string().min(1).optional(),
});

/** How a double opt-in asks. */
const confirm = z.strictObject({
  template: z.string().min(1).default('confirm-subscription'),
  /** How long the link of the mail works. */
  within: duration.default('30d'),
  /** Who asks again sooner is not mailed again. */
  again: duration.default('1d'),
  /** Mails to one person on one topic in 30 days at most, the reminder among them. */
  most: z.int().min(1).max(10).default(3),
  /** One reminder, this long after the first mail. Left out: none. */
  reminder: duration.optional(),
});

/**
 * A subject people can be written to about, and on what ground: `opt-in` needs their consent, `double-opt-in` one that was confirmed from
 * their mailbox, `existing-customer` one that something they did implies; `legitimate-interest` holds until they object.
 */
const topic = z
  .strictObject({
    key: z.string().min(1),
    name: z.string().min(1),
    description: z.string().optional(),
    basis: z.enum(['opt-in', 'double-opt-in', 'legitimate-interest', 'existing-customer']).default('opt-in'),
    /** The words that were agreed to, by their version; a form names the version it shows. */
    texts: z.record(z.string().min(1), z.string().min(1)).default({}),
    /** How long what somebody says themselves holds. Left out: until they take it back. */
    lasts: duration.optional(),
    implied: z.array(implied).default([]),
    /** How long before a consent runs out the event `consent_expiring` says so. */
    warn: duration.default('30d'),
    confirm: confirm.prefault({}),
  })
  .superRefine(({ basis, implied: rules }, ctx) => {
    if (basis === 'existing-customer' && rules.length === 0)
      ctx.addIssue({
        code: 'custom',
        path: ['implied'],
        message: 'existing-customer needs to know by what somebody becomes one: name an event',
      });
  });

export type Topic = z.infer<typeof topic>;

/** The document `topics`. */
export const topics = z.strictObject({
  topics: z.array(topic).default([]),
  /** Languages that the preference centre offers, e.g. `[en, de]`; with fewer than two it does not ask. */
  languages: z.array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language such as en or pt-BR')).default([]),
});

export type Topics = z.infer<typeof topics>;

/** The topic of this key, or undefined. */
export function topicOf({ topics: all }: Topics, key: string): Topic | undefined {
  return all.find((one) => one.key === key);
}
