import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { callStates, listCalls } from '../../db/calls-read.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { callSchema, shownCall } from './schema.ts';

const text = z
  .string()
  .max(300)
  .regex(/^[^\0]*$/);

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/calls',
  tags: ['Webhooks'],
  summary: 'Requests that campaigns make to other systems, newest first',
  request: {
    query: z.object({
      state: z.enum(callStates).optional(),
      lead: z.uuid().optional().openapi({ description: 'Id of a lead' }),
      campaign: text.optional().openapi({ description: 'Key of a campaign' }),
      host: text.optional().openapi({ description: 'host, or host:port', example: 'crm.firm.example' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(callSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/calls. */
export function listCallsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, lead, ...filter } = c.req.valid('query');
    const page = await listCalls(pool, { ...filter, leadId: lead }, limit, readCursor(cursor));
    const items = page.items.map(shownCall);
    return c.json({ items, nextCursor: page.nextCursor }, 200);
  });
}
