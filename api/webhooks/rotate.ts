import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { rotateSecret } from '../../db/webhooks.ts';
import { endpointSecret } from '../../messaging/webhooks/sign.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointParam, secretField } from './schema.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/webhooks/{id}/secret/rotate',
  tags: ['Webhooks'],
  summary: 'Another secret for an endpoint',
  description: 'For a day messages are signed with both, so that the receiver can change without a gap.',
  request: { params: endpointParam },
  responses: {
    200: {
      description: 'The new secret, and how long the one before is good',
      content: { 'application/json': { schema: z.object({ secret: secretField, previousUntil: z.iso.datetime() }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/webhooks/{id}/secret/rotate. */
export function rotateWebhookSecretEndpoint(app: OpenAPIHono, { pool, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { generation, previousUntil } = await inTransaction(pool, (tx) => rotateSecret(tx, id));
    return c.json({ secret: endpointSecret(config.TENDRIL_SECRET!, id, generation), previousUntil: previousUntil.toISOString() }, 200);
  });
}
