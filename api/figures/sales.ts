import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { figuresClock, scopeIds } from '../../db/figures/scope.ts';
import { periodOf } from '../../domain/figures/period.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { readSalesFigures } from './read.ts';
import { salesFigures, salesQuery } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/figures/sales',
  tags: ['Figures'],
  summary: 'How sales does: times, promises, fairness, concentration, conversion, reasons, pipeline and forecast',
  description:
    'Counted from what stands in the database; test leads are left out. Times and conversion are of what was opened in the period, reasons, breaches and what was won of what happened in it, pipeline and forecast of what is open today.',
  request: { query: salesQuery },
  responses: {
    200: { description: 'The figures', content: { 'application/json': { schema: salesFigures } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/figures/sales. */
export function salesFiguresEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { from, to, pool: poolKey, rep } = c.req.valid('query');
    const clock = await figuresClock(pool);
    const scope = { ...periodOf({ from, to }, clock.now, clock.zone), ...(await scopeIds(pool, poolKey, rep)) };
    return c.json(await readSalesFigures(pool, scope, clock), 200);
  });
}
