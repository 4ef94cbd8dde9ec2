import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { deleteEndpoint } from '../../db/webhooks.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointParam } from './schema.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'delete',
  path: '/v1/webhooks/{id}',
  tags: ['Webhooks'],
  summary: 'Delete an endpoint, with what it has not been told yet',
  request: { params: endpointParam },
  responses: {
    204: { description: 'Deleted' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** DELETE /v1/webhooks/{id}. */
export function deleteWebhookEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const there = await inTransaction(pool, (tx) => deleteEndpoint(tx, c.req.valid('param').id));
    if (!there) throw new TendrilError('not_found', 'There is no such endpoint');
    return c.body(null, 204);
  });
}
