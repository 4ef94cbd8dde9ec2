import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { closeAlert } from '../../db/alerts.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { alertSchema, shownAlert } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/alerts/{id}/close',
  tags: ['Mail'],
  summary: 'Somebody has seen to it',
  description: 'A second time changes nothing. What still holds is raised again.',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'The alert', content: { 'application/json': { schema: alertSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** POST /v1/alerts/{id}/close. */
export function closeAlertEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const alert = await closeAlert(pool, c.req.valid('param').id, c.get('apiKey').name);
    if (!alert) throw new TendrilError('not_found', 'There is no such alert');
    return c.json(shownAlert(alert), 200);
  });
}
