import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { requireOccasion } from '../../db/occasions.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { occasionParam, occasionView, shownOccasion } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/occasions/{key}',
  tags: ['Occasions'],
  summary: 'One occasion, and how many guests it has',
  request: { params: occasionParam },
  responses: {
    200: { description: 'The occasion', content: { 'application/json': { schema: occasionView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/occasions/{key}. */
export function readOccasionEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json(shownOccasion(await requireOccasion(pool, c.req.valid('param').key)), 200));
}
