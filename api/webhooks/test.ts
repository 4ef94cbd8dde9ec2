import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { queueTest } from '../../db/webhook-messages.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointParam } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/webhooks/{id}/test',
  tags: ['Webhooks'],
  summary: 'Send an endpoint a message of type webhook.test',
  request: { params: endpointParam },
  responses: {
    202: {
      description: 'It is on its way; how it fared: GET /v1/webhooks/{id}/messages/{messageId}',
      content: { 'application/json': { schema: z.object({ messageId: z.string() }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/webhooks/{id}/test. */
export function testWebhookEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const messageId = await inTransaction(pool, (tx) => queueTest(tx, c.req.valid('param').id));
    poke({ kind: 'calls', lane: 'events' });
    return c.json({ messageId }, 202);
  });
}
