import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { findOpportunity, historyOf, peopleOn } from '../../db/opportunities-read.ts';
import { loadSla } from '../../db/sla.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { opportunityDetailSchema, opportunityId, shownHistory, shownOpportunity } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/opportunities/{id}',
  tags: ['Opportunities'],
  summary: 'One opportunity, with its SLA clock and its history',
  request: { params: opportunityId },
  responses: {
    200: { description: 'The opportunity', content: { 'application/json': { schema: opportunityDetailSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/opportunities/{id}. */
export function getOpportunityEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const found = await findOpportunity(pool, id);
    if (!found) throw new TendrilError('not_found', 'There is no such opportunity');
    const [people, history, sla] = await Promise.all([peopleOn(pool, id), historyOf(pool, id), loadSla(pool)]);
    const { state, rung } = found;
    const rungs = state === 'offered' || state === 'accepted' || state === 'touched' ? sla.policy(found.pool)[state] : [];
    const ladder = rungs.map((one, n) => ({ after: one.after, do: one.do, done: n < rung }));
    return c.json({ ...shownOpportunity(found), people, ladder, history: shownHistory(history) }, 200);
  });
}
