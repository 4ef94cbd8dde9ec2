import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listSuppressions } from '../../db/suppressions.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { addressOf, shownSuppression, suppressionSchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/suppressions',
  tags: ['Mail'],
  summary: 'Addresses that are not mailed, newest first',
  request: { query: z.object({ address: z.string().max(320).optional(), ...pageQuery }) },
  responses: {
    200: {
      description: 'One page',
      content: { 'application/json': { schema: z.object({ items: z.array(suppressionSchema), nextCursor }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/suppressions. */
export function listSuppressionsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { address, limit, cursor } = c.req.valid('query');
    const page = await listSuppressions(pool, {
      address: address === undefined ? null : addressOf(address),
      limit,
      from: readCursor(cursor),
    });
    return c.json({ items: page.items.map(shownSuppression), nextCursor: page.nextCursor }, 200);
  });
}
