import { z } from '@hono/zod-openapi';
import { callStates, type CallView } from '../../db/calls-read.ts';

const instant = z.iso.datetime();

export const callSchema = z
  .object({
    id: z.uuid(),
    key: z.string().openapi({ description: 'Travels as the webhook-id: the same at every attempt' }),
    kind: z.enum(['webhook', 'notify']),
    state: z.enum(callStates).openapi({ description: 'claimed: under way at this moment' }),
    host: z.string(),
    url: z.string(),
    method: z.string(),
    leadId: z.uuid().nullable(),
    campaign: z.string().nullable(),
    step: z.string().nullable(),
    queuedAt: instant,
    dueAt: instant.nullable().openapi({ description: 'When the next attempt is due' }),
    attempts: z.int(),
    status: z.int().nullable().openapi({ description: 'HTTP status of the latest answer' }),
    reason: z.string().nullable().openapi({ description: 'Why the latest attempt failed' }),
    excerpt: z.string().nullable().openapi({ description: 'The beginning of the latest answer' }),
    settledAt: instant.nullable(),
    test: z.boolean(),
  })
  .openapi('Call');

/** A call as the api tells of it. */
export function shownCall<Call extends CallView>(call: Call) {
  return {
    ...call,
    queuedAt: call.queuedAt.toISOString(),
    dueAt: call.dueAt?.toISOString() ?? null,
    settledAt: call.settledAt?.toISOString() ?? null,
  };
}
