import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { addEndpoint } from '../../db/webhooks.ts';
import { endpointSecret } from '../../messaging/webhooks/sign.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointSchema, newEndpointSchema, refuseUrl, secretField, shownEndpoint } from './schema.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/webhooks',
  tags: ['Webhooks'],
  summary: 'Have another system told of what happens here',
  description:
    'Every message is a POST of `{ type, timestamp, origin, test, data }`, signed as Standard Webhooks says, and answered by any 2xx. It comes at least once and in no ' +
    'particular order: `webhook-id` stays the same. What fails is tried again for more than three days.',
  request: { body: { required: true, content: { 'application/json': { schema: newEndpointSchema } } } },
  responses: {
    201: {
      description: 'The endpoint, and its secret',
      content: { 'application/json': { schema: endpointSchema.extend({ secret: secretField }).openapi('CreatedWebhookEndpoint') } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/webhooks. */
export function createWebhookEndpoint(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(route, async (c) => {
    const given = c.req.valid('json');
    refuseUrl(given.url, config);
    const endpoint = await inTransaction(pool, (tx) => addEndpoint(tx, given));
    poke({ kind: 'feed' });
    return c.json({ ...shownEndpoint(endpoint), secret: endpointSecret(config.TENDRIL_SECRET!, endpoint.id, 1) }, 201);
  });
}
