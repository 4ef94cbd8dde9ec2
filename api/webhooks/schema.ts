import { z } from '@hono/zod-openapi';
import type { Endpoint } from '../../db/webhooks.ts';
import type { MessageView } from '../../db/webhook-messages.ts';
import { deliveryStates } from '../../db/webhook-messages.ts';
import { TendrilError } from '../../domain/errors.ts';
import { pattern } from '../../domain/webhooks/types.ts';
import { system } from '../../domain/crm/external.ts';
import { checkUrl, parseAllowed, RefusedAddress } from '../../messaging/webhooks/guard.ts';
import type { ApiDeps } from '../deps.ts';

const instant = z.iso.datetime();

const url = z
  .string()
  .max(2_000)
  .regex(/^[^\0\s]+$/)
  .refine(
    (given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol),
    'is not a URL such as https://crm.example/hooks/tendril',
  )
  .refine((given) => !URL.canParse(given) || (new URL(given).username === '' && new URL(given).password === ''), 'may not hold a password')
  .openapi({ format: 'uri', example: 'https://crm.example/hooks/tendril' });

const types = z
  .array(pattern)
  .min(1)
  .max(100)
  .openapi({ description: 'Types, whole groups (`opportunity.*`) or everything (`*`)', example: ['opportunity.*', 'lead.created'] });

const description = z
  .string()
  .max(300)
  .regex(/^[^\0]*$/);

const ownSystem = system.nullable().openapi({
  description: 'The system it belongs to, as upserts name it: it is not told what it has told us itself',
  example: 'salesforce',
});

const includeTest = z.boolean().openapi({ description: 'Told of test leads too' });

export const newEndpointSchema = z
  .strictObject({
    url,
    types,
    description: description.default(''),
    system: ownSystem.default(null),
    includeTest: includeTest.default(false),
  })
  .openapi('NewWebhookEndpoint');

export const endpointChangeSchema = z
  .strictObject({
    url: url.optional(),
    types: types.optional(),
    description: description.optional(),
    system: ownSystem.optional(),
    includeTest: includeTest.optional(),
    state: z.enum(['enabled', 'disabled']).optional(),
    missed: z
      .enum(['told', 'skipped'])
      .optional()
      .openapi({ description: 'When it is enabled again: whether it is told what happened while it was not. Left out: told' }),
  })
  .refine((given) => Object.keys(given).length > 0, 'says nothing to change')
  .openapi('WebhookEndpointChange', { minProperties: 1 });

export const endpointSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    description: z.string(),
    types: z.array(z.string()),
    system: z.string().nullable(),
    includeTest: z.boolean(),
    state: z.enum(['enabled', 'disabled']),
    disabledReason: z.enum(['by hand', 'gone', 'failing']).nullable().openapi({ description: 'gone: it answered 410; failing: for days' }),
    disabledAt: instant.nullable(),
    failingSince: instant.nullable().openapi({ description: 'Nothing has arrived since then' }),
    previousSecretUntil: instant.nullable().openapi({ description: 'Signed with the secret before, too, until then' }),
    heardUntil: instant.openapi({ description: 'What happened before has been made into messages (real time)' }),
    queued: z.int().openapi({ description: 'Messages that wait; counted to 100,000' }),
    dead: z.int().openapi({ description: 'Messages that were given up; counted to 100,000' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('WebhookEndpoint');

export const secretField = z
  .string()
  .openapi({ description: 'The signing secret. It is shown this once', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });

export const endpointParam = z.object({ id: z.uuid() });

export const messageSchema = z
  .object({
    id: z.string().openapi({ description: 'Travels as `webhook-id`', example: 'msg_019aab5fdc5a7c02a0e3d9f2b1c4e5f6j' }),
    type: z.string(),
    at: instant.openapi({ description: 'When it happened' }),
    state: z.enum(deliveryStates).openapi({ description: 'dead: every attempt has failed' }),
    attempts: z.int(),
    dueAt: instant.nullable(),
    status: z.int().nullable().openapi({ description: 'HTTP status of the latest answer' }),
    reason: z.string().nullable().openapi({ description: 'Why the latest attempt failed' }),
    excerpt: z.string().nullable().openapi({ description: 'The beginning of the latest answer' }),
    settledAt: instant.nullable(),
  })
  .openapi('WebhookMessage');

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** An endpoint as the api shows it. */
export function shownEndpoint(endpoint: Endpoint): z.infer<typeof endpointSchema> {
  return {
    ...endpoint,
    disabledAt: iso(endpoint.disabledAt),
    failingSince: iso(endpoint.failingSince),
    previousSecretUntil: iso(endpoint.previousSecretUntil),
    heardUntil: endpoint.heardUntil.toISOString(),
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
  };
}

/** A message as the api shows it. */
export function shownMessage<T extends MessageView>(message: T) {
  return { ...message, at: message.at.toISOString(), dueAt: iso(message.dueAt), settledAt: iso(message.settledAt) };
}

/** Throws `invalid` for a URL that would never be called; names are looked at when they are resolved. */
export function refuseUrl(given: string | undefined, { TENDRIL_ENV, WEBHOOK_ALLOW }: ApiDeps['config']): void {
  if (given === undefined) return;
  try {
    checkUrl(new URL(given), parseAllowed(WEBHOOK_ALLOW), { httpsOnly: TENDRIL_ENV === 'production' });
  } catch (error) {
    if (!(error instanceof RefusedAddress)) throw error;
    throw new TendrilError('invalid', `The body is not valid: url: ${error.message}`, [
      { path: 'url', reason: error.message, mend: 'name a public https address, or allow it by WEBHOOK_ALLOW' },
    ]);
  }
}
