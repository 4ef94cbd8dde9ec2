import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listPools } from '../../db/pools-read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { poolView, shownPool } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/pools',
  tags: ['Reps and pools'],
  summary: 'The pools, who shares their leads, what each was given, and who is in',
  responses: {
    200: { description: 'Every pool, by key', content: { 'application/json': { schema: z.object({ items: z.array(poolView) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/pools. */
export function listPoolsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json({ items: (await listPools(pool)).map(shownPool) }, 200));
}
