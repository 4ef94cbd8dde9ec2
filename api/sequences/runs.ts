import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { findRep } from '../../db/reps.ts';
import { listRuns } from '../../db/runs-read.ts';
import { requireSequence } from '../../db/sequences.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { runSchema, runStates, sequenceKey, shownRun } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/sequences/{key}/runs',
  tags: ['Sequences'],
  summary: 'Whom it is written to, or was',
  request: {
    params: sequenceKey,
    query: z.object({
      ...pageQuery,
      state: z.enum(runStates).optional(),
      step: z.string().max(63).optional(),
      rep: z.string().max(100).optional().openapi({ description: 'Key of a rep' }),
    }),
  },
  responses: {
    200: { description: 'Newest first', content: { 'application/json': { schema: z.object({ items: z.array(runSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/sequences/{key}/runs. */
export function listRunsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, rep: repKey, ...filter } = c.req.valid('query');
    const { id } = await requireSequence(pool, c.req.valid('param').key);
    const rep = repKey === undefined ? null : await findRep(pool, repKey);
    if (repKey !== undefined && !rep) return c.json({ items: [], nextCursor: null }, 200);
    const page = await listRuns(pool, id, { ...filter, repId: rep?.id ?? null }, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownRun), nextCursor: page.nextCursor }, 200);
  });
}
