import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listInbound } from '../../db/inbound/read.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { inboundKinds, inboundSchema, inboundStates, shownInbound } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/inbound',
  tags: ['Mail that comes back'],
  summary: 'Mail that came in, newest first; with `state=review` what waits for a person',
  request: {
    query: z.object({
      state: z.enum(inboundStates).optional(),
      kind: z.enum(inboundKinds).optional(),
      lead: z.uuid().optional(),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: 'One page',
      content: { 'application/json': { schema: z.object({ items: z.array(inboundSchema), nextCursor }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/inbound. */
export function listInboundEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { state, kind, lead, limit, cursor } = c.req.valid('query');
    const page = await listInbound(pool, { state, kind, leadId: lead }, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownInbound), nextCursor: page.nextCursor }, 200);
  });
}
