import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listEndpoints } from '../../db/webhooks.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointSchema, shownEndpoint } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/webhooks',
  tags: ['Webhooks'],
  summary: 'Who is told of what happens here',
  responses: {
    200: {
      description: 'All endpoints, oldest first',
      content: { 'application/json': { schema: z.object({ items: z.array(endpointSchema) }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/webhooks. */
export function listWebhooksEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json({ items: (await listEndpoints(pool)).map(shownEndpoint) }, 200));
}
