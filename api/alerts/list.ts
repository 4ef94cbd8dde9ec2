import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listAlerts } from '../../db/alerts.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { alertSchema, shownAlert } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/alerts',
  tags: ['Mail'],
  summary: 'What a person should know of, newest first',
  description:
    'A lane that stands still, somebody who reported a mail as spam. Managers are told once by mail; the overview shows what is open.',
  request: {
    query: z.object({
      open: z.enum(['true', 'false']).default('true').openapi({ description: 'Only open ones, or all' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(alertSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/alerts. */
export function listAlertsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { open, limit, cursor } = c.req.valid('query');
    const page = await listAlerts(pool, { open: open === 'true', limit, from: readCursor(cursor) });
    return c.json({ items: page.items.map(shownAlert), nextCursor: page.nextCursor }, 200);
  });
}
