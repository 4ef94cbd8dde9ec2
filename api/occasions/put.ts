import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { putOccasion } from '../../db/occasions.ts';
import { inTransaction } from '../../db/pool.ts';
import { occasionSchema } from '../../domain/occasions/occasion.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { occasionParam, occasionView, shownOccasion } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/occasions/{key}',
  tags: ['Occasions'],
  summary: 'Say what an exhibition, webinar or visit day is, and when',
  description:
    'The whole of it each time. When its date moves, campaigns that go by it follow: by the `ifMoved` of their steps, and by their entries.',
  request: { params: occasionParam, body: { required: true, content: { 'application/json': { schema: occasionSchema } } } },
  responses: {
    200: { description: 'The occasion, changed or as it was', content: { 'application/json': { schema: occasionView } } },
    201: { description: 'A new occasion', content: { 'application/json': { schema: occasionView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/occasions/{key}. */
export function putOccasionEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { occasion, created, loops } = await inTransaction(pool, (tx) => putOccasion(tx, c.req.valid('param').key, c.req.valid('json')));
    loops.forEach(poke);
    return c.json(shownOccasion(occasion), created ? 201 : 200);
  });
}
