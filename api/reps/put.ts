import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { retryQueues } from '../../db/queue.ts';
import { loadedReps } from '../../db/rep-load.ts';
import { putReps } from '../../db/reps.ts';
import { TendrilError } from '../../domain/errors.ts';
import { qualificationOf } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { repSchema, repView, shownRep } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/reps',
  tags: ['Reps and pools'],
  summary: 'Say who the reps are',
  description: 'Adds those whose key is new and changes the others; nobody is removed (`active: false` takes a rep out of every rotation).',
  request: {
    body: { required: true, content: { 'application/json': { schema: z.strictObject({ items: z.array(repSchema).min(1).max(500) }) } } },
  },
  responses: {
    200: { description: 'The reps given', content: { 'application/json': { schema: z.object({ items: z.array(repView) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/reps. */
export function putRepsEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { items } = c.req.valid('json');
    const twice = items.findIndex((rep, n) => items.findIndex((other) => other.key === rep.key) !== n);
    if (twice >= 0)
      throw new TendrilError('invalid', `The key '${items[twice]!.key}' stands twice`, [
        { path: `items.${twice}.key`, reason: 'stands twice' },
      ]);
    const { reps, waiting } = await inTransaction(pool, async (tx) => {
      const put = await putReps(tx, items);
      return {
        waiting: await retryQueues(tx, null),
        reps: await loadedReps(
          tx,
          put.map(({ key }) => key),
        ),
      };
    });
    qualificationOf(waiting).forEach(poke);
    return c.json({ items: reps.map(shownRep) }, 200);
  });
}
