import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { nextDue, readClock } from '../../db/clock.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { clockSchema, shownClock } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/clock',
  tags: ['Clock'],
  summary: 'What time it is in the workspace',
  responses: {
    200: { description: 'The clock', content: { 'application/json': { schema: clockSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/clock. */
export function readClockEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json(shownClock(await readClock(pool), await nextDue(pool)), 200));
}
