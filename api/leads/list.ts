import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listLeads } from '../../db/leads-read.ts';
import { stages } from '../../domain/lifecycle.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { leadSchema, nextCursor, pageQuery, shownLead, testQuery } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads',
  tags: ['Leads'],
  summary: 'Leads, newest first',
  request: {
    query: z.object({
      q: z.string().max(200).optional().openapi({ description: 'Part of an email, name or company', example: 'huadong' }),
      stage: z.enum(stages).optional(),
      account: z.uuid().optional().openapi({ description: 'Id of an account' }),
      test: testQuery,
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(leadSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/leads. */
export function listLeadsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { q, stage, account, test, limit, cursor } = c.req.valid('query');
    const page = await listLeads(pool, { q, stage, accountId: account, test }, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownLead), nextCursor: page.nextCursor }, 200);
  });
}
