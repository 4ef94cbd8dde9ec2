import { z } from '@hono/zod-openapi';
import type { ConsentEntry, TopicStanding } from '../../db/consents-read.ts';
import { reasons } from '../../domain/delivery/reasons.ts';

const state = z.enum(['granted', 'withdrawn', 'pending', 'expired']);

export const entrySchema = z
  .object({
    id: z.uuid(),
    topic: z.string(),
    state,
    basis: z.string().nullable().openapi({ description: 'What it rests on: express, confirmed, or what implied it (inquiry, purchase)' }),
    source: z.string().openapi({ description: 'form, confirmation, preferences, page, one-click, event, campaign, expiry, api …' }),
    textVersion: z.string().nullable(),
    expiresAt: z.iso.datetime().nullable(),
    at: z.iso.datetime(),
  })
  .openapi('Consent');

export const standingSchema = z
  .object({
    topic: z.string(),
    name: z.string(),
    legalBasis: z.string().nullable().openapi({ description: 'Of the topic; null when it is in topics.yaml no more' }),
    state: state.nullable().openapi({ description: 'Null: nothing was ever said' }),
    basis: z.string().nullable(),
    expiresAt: z.iso.datetime().nullable(),
    since: z.iso.datetime().nullable(),
    mayMail: z.boolean().openapi({ description: 'Whether marketing on this topic is allowed, as far as consent goes' }),
    refusal: z.object({ reason: z.string(), words: z.string() }).nullable(),
  })
  .openapi('TopicStanding');

/** A consent row as JSON. */
export function shownEntry({
  id,
  topic,
  state: said,
  basis,
  source,
  textVersion,
  expiresAt,
  at,
}: ConsentEntry): z.infer<typeof entrySchema> {
  return { id, topic, state: said, basis, source, textVersion, expiresAt: expiresAt?.toISOString() ?? null, at: at.toISOString() };
}

/** What holds of a topic, as JSON, a refusal in words. */
export function shownStanding({ refusal, expiresAt, since, ...rest }: TopicStanding): z.infer<typeof standingSchema> {
  return {
    ...rest,
    expiresAt: expiresAt?.toISOString() ?? null,
    since: since?.toISOString() ?? null,
    mayMail: refusal === null,
    refusal: refusal && { reason: refusal, words: reasons[refusal] },
  };
}
