import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { findTask } from '../../db/tasks-read.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { shownTask, taskId, taskSchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/tasks/{id}',
  tags: ['Tasks'],
  summary: 'One task',
  request: { params: taskId },
  responses: {
    200: { description: 'The task', content: { 'application/json': { schema: taskSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/tasks/{id}. */
export function getTaskEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const found = await findTask(pool, c.req.valid('param').id);
    if (!found) throw new TendrilError('not_found', 'There is no such task');
    return c.json(shownTask(found), 200);
  });
}
