import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listGuests, requireOccasion } from '../../db/occasions.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { guestState, occasionParam } from './schema.ts';

const guestView = z
  .object({
    leadId: z.uuid(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    state: guestState,
    at: z.iso.datetime().openapi({ description: 'When that state was reached' }),
  })
  .openapi('Guest');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/occasions/{key}/guests',
  tags: ['Occasions'],
  summary: 'Who was asked, has registered, came or did not',
  request: { params: occasionParam, query: z.object({ state: guestState.optional(), ...pageQuery }) },
  responses: {
    200: { description: 'Latest first', content: { 'application/json': { schema: z.object({ items: z.array(guestView), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/occasions/{key}/guests. */
export function listGuestsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { state, limit, cursor } = c.req.valid('query');
    const { id } = await requireOccasion(pool, c.req.valid('param').key);
    return c.json(await listGuests(pool, id, state, limit, readCursor(cursor)), 200);
  });
}
