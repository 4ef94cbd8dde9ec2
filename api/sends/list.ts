import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listSends } from '../../db/sends-read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { sendSchema, sendState, shownSend } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/sends',
  tags: ['Mail'],
  summary: 'The send ledger, newest first',
  request: {
    query: z.object({
      lead: z.uuid().optional().openapi({ description: 'Id of a lead' }),
      campaign: z
        .string()
        .max(200)
        .regex(/^[^\0]*$/)
        .optional()
        .openapi({ description: 'Key of a campaign' }),
      state: sendState.optional(),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(sendSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/sends. */
export function listSendsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { lead, campaign, state, limit, cursor } = c.req.valid('query');
    const filter = { leadId: lead ?? null, campaign: campaign ?? null, state: state ?? null };
    const page = await listSends(pool, filter, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownSend), nextCursor: page.nextCursor }, 200);
  });
}
