import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listOccasions } from '../../db/occasions.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { occasionView, shownOccasion } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/occasions',
  tags: ['Occasions'],
  summary: 'Occasions, the latest first',
  request: {
    query: z.object({
      kind: z.string().max(60).optional(),
      endingAfter: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Only those that end after this instant' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(occasionView), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/occasions. */
export function listOccasionsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const page = await listOccasions(pool, filter, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownOccasion), nextCursor: page.nextCursor }, 200);
  });
}
