import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listDrafts } from '../../db/drafts.ts';
import { readCursor } from '../../db/keyset.ts';
import { findRep } from '../../db/reps.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { draftSchema, draftStates, shownDraft } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/drafts',
  tags: ['Sequences'],
  summary: 'Letters that wait for their reps, the soonest due first',
  request: {
    query: z.object({
      ...pageQuery,
      rep: z.string().max(100).optional().openapi({ description: 'Key of a rep' }),
      state: z.enum(draftStates).optional(),
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(draftSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/drafts. */
export function listDraftsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, rep: repKey, state } = c.req.valid('query');
    const rep = repKey === undefined ? null : await findRep(pool, repKey);
    if (repKey !== undefined && !rep) return c.json({ items: [], nextCursor: null }, 200);
    const page = await listDrafts(pool, { repId: rep?.id ?? null, state }, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownDraft), nextCursor: page.nextCursor }, 200);
  });
}
