import { z } from '@hono/zod-openapi';
import type { KeptInbound } from '../../db/inbound/read.ts';

export const inboundKinds = ['reply', 'leave', 'auto_reply', 'bounce', 'complaint', 'automatic', 'unreadable'] as const;
export const inboundStates = ['done', 'review', 'reviewed'] as const;

/** A mail that came in. What it says of itself is its sender's word. */
export const inboundSchema = z
  .object({
    id: z.uuid(),
    channel: z.enum(['hook', 'mailbox']),
    kind: z.enum(inboundKinds),
    state: z.enum(inboundStates).openapi({ description: '`review`: it waits for a person' }),
    reason: z.string().nullable().openapi({ description: 'Why it waits for a person, or had no effect' }),
    foundBy: z
      .string()
      .nullable()
      .openapi({ description: 'What named the mail of ours it is about: address, send_key, message_id, sender, recipient' }),
    sendId: z.uuid().nullable(),
    leadId: z.uuid().nullable(),
    rep: z.string().nullable().openapi({ description: 'Key of the rep whose conversation it belongs to' }),
    from: z.string().nullable(),
    fromName: z.string().nullable(),
    to: z.array(z.string()),
    subject: z.string(),
    detail: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'What was read of it: what they said, reports, when somebody is back' }),
    attachments: z.array(z.object({ name: z.string().nullable(), type: z.string(), size: z.int() })),
    sentAt: z.iso.datetime().nullable(),
    receivedAt: z.iso.datetime(),
    kept: z.boolean().openapi({ description: 'Whether it is kept whole: GET /v1/inbound/{id}/raw' }),
  })
  .openapi('InboundMail');

export const inboundWithText = inboundSchema.extend({ text: z.string() }).openapi('InboundMailWithText');

export function shownInbound<T extends KeptInbound>({ sentAt, receivedAt, ...mail }: T) {
  return { ...mail, sentAt: sentAt?.toISOString() ?? null, receivedAt: receivedAt.toISOString() };
}
