import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { deliveryStates, listMessages, requireMessage } from '../../db/webhook-messages.ts';
import { requireEndpoint } from '../../db/webhooks.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { endpointParam, messageSchema, shownMessage } from './schema.ts';

const messageId = z.string().regex(/^msg_[0-9a-f]{32}[a-z]$/, 'is not the id of a message');

const listRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/webhooks/{id}/messages',
  tags: ['Webhooks'],
  summary: 'What an endpoint is told, the newest first',
  request: {
    params: endpointParam,
    query: z.object({
      state: z.enum(deliveryStates).optional(),
      type: z
        .string()
        .max(220)
        .regex(/^[^\0]*$/)
        .optional(),
      ...pageQuery,
      cursor: messageId.optional().openapi({ description: 'nextCursor of the page before' }),
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(messageSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

const oneRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/webhooks/{id}/messages/{message}',
  tags: ['Webhooks'],
  summary: 'One message and what it says',
  request: { params: endpointParam.extend({ message: messageId }) },
  responses: {
    200: {
      description: 'The message; `body` is what is signed and sent',
      content: { 'application/json': { schema: messageSchema.extend({ body: z.string() }).openapi('WebhookMessageDetail') } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/webhooks/{id}/messages, and one of them. */
export function webhookMessagesEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(listRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { limit, cursor, ...filter } = c.req.valid('query');
    await requireEndpoint(pool, id);
    const page = await listMessages(pool, id, filter, limit, cursor ?? null);
    return c.json({ items: page.items.map(shownMessage), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(oneRoute, async (c) => {
    const { id, message } = c.req.valid('param');
    return c.json(shownMessage(await requireMessage(pool, id, message)), 200);
  });
}
