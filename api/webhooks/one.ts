import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { requireEndpoint } from '../../db/webhooks.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointParam, endpointSchema, shownEndpoint } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/webhooks/{id}',
  tags: ['Webhooks'],
  summary: 'One endpoint and how it stands',
  request: { params: endpointParam },
  responses: {
    200: { description: 'The endpoint', content: { 'application/json': { schema: endpointSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/webhooks/{id}. */
export function readWebhookEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json(shownEndpoint(await requireEndpoint(pool, c.req.valid('param').id)), 200));
}
