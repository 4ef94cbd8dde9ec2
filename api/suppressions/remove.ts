import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { removeSuppression } from '../../db/suppressions.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'delete',
  path: '/v1/suppressions/{id}',
  tags: ['Mail'],
  summary: 'Lift a suppression',
  description: 'Only where the person has asked for it, or the address is known to work again.',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    204: { description: 'Lifted' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** DELETE /v1/suppressions/{id}. */
export function removeSuppressionEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const loops = await inTransaction(pool, async (tx) => {
      const removed = await removeSuppression(tx, c.req.valid('param').id);
      return removed && wokenLoops(tx, removed.woken, removed.slots);
    });
    if (!loops) throw new TendrilError('not_found', 'There is no such suppression');
    loops.forEach(poke);
    return c.body(null, 204);
  });
}
