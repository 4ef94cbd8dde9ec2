import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listRecords } from '../../db/records-read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { recordKind, recordView } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/records',
  tags: ['Records'],
  summary: 'Records, the last changed first',
  request: {
    query: z.object({
      kind: recordKind.optional(),
      status: z.string().max(60).optional(),
      account: z.uuid().optional().openapi({ description: 'Of this account only' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(recordView), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/records. */
export function listRecordsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { kind, status, account: accountId, limit, cursor } = c.req.valid('query');
    return c.json(await listRecords(pool, { kind, status, accountId }, limit, readCursor(cursor)), 200);
  });
}
