import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listKeys } from '../../db/api-keys.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { keySchema, shownKey } from './schema.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'get',
  path: '/v1/keys',
  tags: ['Keys'],
  summary: 'The API keys there are and were, newest first',
  responses: {
    200: { description: 'The keys, by their prefix', content: { 'application/json': { schema: z.object({ items: z.array(keySchema) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/keys. */
export function listKeysEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json({ items: (await listKeys(pool)).map(shownKey) }, 200));
}
