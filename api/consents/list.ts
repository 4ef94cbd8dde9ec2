import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { consentHistory, topicStandings } from '../../db/consents-read.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { leadParam, nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { entrySchema, shownEntry, shownStanding, standingSchema } from './schema.ts';

const answer = z.object({ topics: z.array(standingSchema), items: z.array(entrySchema), nextCursor });

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads/{lead}/consents',
  tags: ['Leads'],
  summary: 'What holds on each topic now, and everything ever said on them, newest first',
  request: { params: leadParam, query: z.object(pageQuery) },
  responses: {
    200: { description: 'What holds, and one page of the history', content: { 'application/json': { schema: answer } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/leads/{idOrEmail}/consents. */
export function listConsentsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const from = readCursor(cursor);
    const leadId = await requireLeadId(pool, c.req.valid('param').lead);
    const [topics, page] = await Promise.all([topicStandings(pool, leadId), consentHistory(pool, leadId, limit, from)]);
    return c.json({ topics: topics.map(shownStanding), items: page.items.map(shownEntry), nextCursor: page.nextCursor }, 200);
  });
}
