import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { markReviewed } from '../../db/inbound/read.ts';
import { inTransaction } from '../../db/pool.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { inboundWithText, shownInbound } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/inbound/{id}/review',
  tags: ['Mail that comes back'],
  summary: 'Somebody has looked at a mail that waited for a person; a second time changes nothing',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'The mail', content: { 'application/json': { schema: inboundWithText } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/inbound/{id}/review. */
export function reviewInboundEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json(shownInbound(await inTransaction(pool, (tx) => markReviewed(tx, c.req.valid('param').id))), 200));
}
