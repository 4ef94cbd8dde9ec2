import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { CapturedMail } from '../../db/captured-mail.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import type { Outbox } from './captured.ts';

export const capturedSchema = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime().openapi({ description: 'Workspace time' }),
    messageId: z.string().nullable(),
    sendKey: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    subject: z.string().nullable(),
  })
  .openapi('CapturedMail');

/** A captured mail as JSON. */
export function shownCaptured({ id, at, messageId, sendKey, from, to, subject }: CapturedMail): z.infer<typeof capturedSchema> {
  return { id, at: at.toISOString(), messageId, sendKey, from, to, subject };
}

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/outbox',
  tags: ['Mail'],
  summary: 'Mail that the capture transport received, newest first',
  description: 'Empty where all mail really leaves (`MAIL_TRANSPORT=smtp` or `sendgrid`).',
  request: {
    query: z.object({
      to: z
        .string()
        .max(320)
        .regex(/^[^\0]*$/)
        .optional()
        .openapi({ description: 'An address, exactly' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(capturedSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/outbox. */
export function listOutboxEndpoint(app: OpenAPIHono, { list }: Outbox): void {
  app.openapi(route, async (c) => {
    const { to, limit, cursor } = c.req.valid('query');
    const page = await list({ to: to ?? null, limit, from: readCursor(cursor) });
    return c.json({ items: page.items.map(shownCaptured), nextCursor: page.nextCursor }, 200);
  });
}
