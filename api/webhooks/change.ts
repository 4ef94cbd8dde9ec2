import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { changeEndpoint } from '../../db/webhooks.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointChangeSchema, endpointParam, endpointSchema, refuseUrl, shownEndpoint } from './schema.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'patch',
  path: '/v1/webhooks/{id}',
  tags: ['Webhooks'],
  summary: 'Change an endpoint, disable it, or enable it again',
  description:
    'What is absent stays. A disabled endpoint is sent nothing; what waits for it stays, and when it is enabled it is told what it has missed too, unless `missed` says otherwise.',
  request: { params: endpointParam, body: { required: true, content: { 'application/json': { schema: endpointChangeSchema } } } },
  responses: {
    200: { description: 'The endpoint as it stands now', content: { 'application/json': { schema: endpointSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

/** PATCH /v1/webhooks/{id}. */
export function changeWebhookEndpoint(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(route, async (c) => {
    const given = c.req.valid('json');
    refuseUrl(given.url, config);
    const endpoint = await inTransaction(pool, (tx) => changeEndpoint(tx, c.req.valid('param').id, given));
    poke({ kind: 'feed' });
    poke({ kind: 'calls', lane: 'events' });
    return c.json(shownEndpoint(endpoint), 200);
  });
}
