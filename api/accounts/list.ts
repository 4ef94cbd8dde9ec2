import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listAccounts } from '../../db/accounts-read.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { accountSchema, shownAccount } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/accounts',
  tags: ['Accounts'],
  summary: 'Companies, newest first',
  request: { query: z.object({ q: z.string().max(200).optional().openapi({ description: 'Part of a name or domain' }), ...pageQuery }) },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(accountSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/accounts. */
export function listAccountsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { q, limit, cursor } = c.req.valid('query');
    const page = await listAccounts(pool, q, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownAccount), nextCursor: page.nextCursor }, 200);
  });
}
