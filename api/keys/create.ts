import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createKey } from '../../db/api-keys.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { keySchema, newKeySchema, shownKey } from './schema.ts';

const createdSchema = keySchema
  .extend({ key: z.string().openapi({ description: 'The key. It is shown this once' }) })
  .openapi('CreatedApiKey');

const route = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/keys',
  tags: ['Keys'],
  summary: 'Make an API key',
  request: { body: { content: { 'application/json': { schema: newKeySchema } }, required: true } },
  responses: {
    201: { description: 'The key, shown this once', content: { 'application/json': { schema: createdSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/keys. */
export function createKeyEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { key, stored } = await createKey(pool, c.req.valid('json'));
    return c.json({ ...shownKey(stored), key }, 201);
  });
}
