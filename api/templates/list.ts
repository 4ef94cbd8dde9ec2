import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { templateSchema } from './schema.ts';
import { shownTemplates } from './shown.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/templates',
  tags: ['Mail'],
  summary: 'Every mail a campaign may send, its languages, and who sends it',
  responses: {
    200: { description: 'By name', content: { 'application/json': { schema: z.object({ items: z.array(templateSchema) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/templates. */
export function listTemplatesEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => c.json({ items: await shownTemplates(pool, templates) }, 200));
}
