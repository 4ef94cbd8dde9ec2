import { z } from '@hono/zod-openapi';
import type { ShownSend } from '../../db/sends-read.ts';
import { reasonInWords } from '../../domain/delivery/reasons.ts';

export const sendState = z.enum(['queued', 'in_flight', 'accepted', 'failed', 'suppressed', 'cancelled', 'unknown']);

const instant = z.iso.datetime();

export const sendSchema = z
  .object({
    id: z.uuid(),
    sendKey: z.string().openapi({ description: 'Names the effect: the same key is never mailed twice' }),
    class: z.enum(['transactional', 'marketing', 'internal']),
    lane: z.string(),
    state: sendState,
    priority: z.int(),
    leadId: z.uuid().nullable(),
    repId: z.uuid().nullable(),
    campaignId: z.uuid().nullable(),
    campaign: z.string().nullable().openapi({ description: "The campaign's key" }),
    enrolmentId: z.uuid().nullable(),
    stepId: z.string().nullable(),
    opportunityId: z.uuid().nullable(),
    topic: z.string().nullable(),
    template: z.string(),
    address: z.string().nullable().openapi({ description: 'Where it went; null until it goes' }),
    subject: z.string().nullable(),
    queuedAt: instant,
    dueAt: instant,
    notAfter: instant.nullable(),
    attempts: z.int(),
    inFlightAt: instant.nullable(),
    settledAt: instant.nullable(),
    unknownAt: instant.nullable(),
    reason: z.string().nullable().openapi({ description: 'Why it was not sent, or is tried again' }),
    reasonInWords: z.string().nullable(),
    providerId: z.string().nullable(),
    test: z.boolean(),
  })
  .openapi('Send');

/** A row of the ledger as JSON. */
export function shownSend(send: ShownSend): z.infer<typeof sendSchema> {
  return {
    ...send,
    queuedAt: send.queuedAt.toISOString(),
    dueAt: send.dueAt.toISOString(),
    notAfter: send.notAfter?.toISOString() ?? null,
    inFlightAt: send.inFlightAt?.toISOString() ?? null,
    settledAt: send.settledAt?.toISOString() ?? null,
    unknownAt: send.unknownAt?.toISOString() ?? null,
    reasonInWords: send.reason === null ? null : reasonInWords(send.reason),
  };
}
