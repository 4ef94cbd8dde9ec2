import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { findOpportunity, historyOf, type OpportunityView, peopleOn } from '../../db/opportunities-read.ts';
import { routingOf } from '../../db/routing/read.ts';
import { loadSla } from '../../db/sla.ts';
import type { Rung } from '../../domain/sla/rungs.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { shownRouted } from '../routing/schema.ts';
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

/** The rungs, and which of them are done: each clock has its own count. */
function rungsDone(rungs: readonly Rung[], { rung, wallRung }: Pick<OpportunityView, 'rung' | 'wallRung'>) {
  const done = { business: rung, wall: wallRung };
  return rungs.map(({ after, clock, do: action }) => ({ after, clock, do: action, done: done[clock]-- > 0 }));
}

/** GET /v1/opportunities/{id}. */
export function getOpportunityEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const found = await findOpportunity(pool, id);
    if (!found) throw new TendrilError('not_found', 'There is no such opportunity');
    const [people, history, sla, routed] = await Promise.all([peopleOn(pool, id), historyOf(pool, id), loadSla(pool), routingOf(pool, id)]);
    const { state } = found;
    const watched = state === 'offered' || state === 'accepted' || state === 'touched';
    const ladder = watched ? rungsDone(sla.policy(found.pool, found.grades)[state], found) : [];
    return c.json(
      { ...shownOpportunity(found), routing: routed && shownRouted(routed), people, ladder, history: shownHistory(history) },
      200,
    );
  });
}
