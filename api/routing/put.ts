import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { putDocument } from '../../db/documents.ts';
import { inTransaction } from '../../db/pool.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireRouting } from './linting.ts';
import { shownRouting } from './read.ts';
import { givenDocument, routingSchema } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/routing',
  tags: ['Routing'],
  summary: 'Say by which rules leads find their rep',
  description:
    'The first rule that holds decides; it counts for what is handed over from now on. Try it before: POST /v1/routing/try. The document is described in docs/routing.md.',
  request: { body: { required: true, content: { 'application/json': { schema: givenDocument } } } },
  responses: {
    200: { description: 'In force', content: { 'application/json': { schema: routingSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/routing. */
export function putRoutingEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const given = c.req.valid('json');
    const shown = await inTransaction(pool, async (tx) => {
      await requireRouting(tx, given);
      await putDocument(tx, 'routing', 'default', given);
      return shownRouting(tx);
    });
    return c.json(shown, 200);
  });
}
