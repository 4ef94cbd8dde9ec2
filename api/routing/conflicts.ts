import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listConflicts } from '../../db/routing/settling.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { conflictSchema, shownConflict } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/routing/conflicts',
  tags: ['Routing'],
  summary: 'Where two reps are at one account, newest first',
  request: {
    query: z.object({
      open: z.enum(['true', 'false', 'all']).default('true').openapi({ description: 'Those nobody has settled; the settled ones; or all' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(conflictSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/routing/conflicts. */
export function listConflictsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { open, limit, cursor } = c.req.valid('query');
    const page = await listConflicts(pool, open === 'all' ? undefined : open === 'true', limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownConflict), nextCursor: page.nextCursor }, 200);
  });
}
