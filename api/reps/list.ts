import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { loadedReps } from '../../db/rep-load.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { repView, shownRep } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/reps',
  tags: ['Reps and pools'],
  summary: 'Those who receive leads and their managers, who is there, and what is on their desks',
  responses: {
    200: { description: 'Everybody, by key', content: { 'application/json': { schema: z.object({ items: z.array(repView) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/reps. */
export function listRepsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json({ items: (await loadedReps(pool)).map(shownRep) }, 200));
}
