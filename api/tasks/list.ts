import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listTasks } from '../../db/tasks-read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery, testQuery } from '../leads/schema.ts';
import { repKey } from '../opportunities/schema.ts';
import { problemResponses } from '../problem.ts';
import { taskKinds } from '../../domain/tasks/kinds.ts';
import { shownTask, taskSchema, taskStates } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/tasks',
  tags: ['Tasks'],
  summary: 'Tasks of the firm’s people, the soonest due first',
  request: {
    query: z.object({
      owner: repKey.optional(),
      state: z.enum(taskStates).optional(),
      kind: z.enum(taskKinds).optional(),
      lead: z.uuid().optional(),
      account: z.uuid().optional(),
      opportunity: z.uuid().optional(),
      due: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Only what is due before this instant' }),
      test: testQuery,
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(taskSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/tasks. */
export function listTasksEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, lead, account, opportunity, due, ...filter } = c.req.valid('query');
    const wanted = { ...filter, leadId: lead, accountId: account, opportunityId: opportunity, ...(due && { dueBefore: new Date(due) }) };
    const page = await listTasks(pool, wanted, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownTask), nextCursor: page.nextCursor }, 200);
  });
}
