import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listOpportunities } from '../../db/opportunities-read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery, testQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { opportunitySchema, opportunityStates, repKey, shownOpportunity, yesNo } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/opportunities',
  tags: ['Opportunities'],
  summary: 'Opportunities, newest first',
  request: {
    query: z.object({
      state: z.enum(opportunityStates).optional(),
      rep: repKey.optional(),
      pool: z.string().max(100).optional().openapi({ description: 'Key of a pool' }),
      lead: z.uuid().optional(),
      open: yesNo.optional().openapi({ description: 'Only open ones, or only closed ones' }),
      stage: z.string().max(100).optional().openapi({ description: 'Key of a stage of the pipeline' }),
      snoozed: yesNo.optional().openapi({ description: 'Only those put off at this moment, or only those not' }),
      overdue: yesNo.optional().openapi({ description: 'Only those past their next rung, or whose promise was broken' }),
      test: testQuery,
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: 'One page',
      content: { 'application/json': { schema: z.object({ items: z.array(opportunitySchema), nextCursor }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/opportunities. */
export function listOpportunitiesEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, lead, ...filter } = c.req.valid('query');
    const page = await listOpportunities(pool, { ...filter, leadId: lead }, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownOpportunity), nextCursor: page.nextCursor }, 200);
  });
}
