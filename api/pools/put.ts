import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { poolKeys, putPool } from '../../db/pools.ts';
import { listPools } from '../../db/pools-read.ts';
import { retryQueues } from '../../db/queue.ts';
import { firmsOfReps } from '../../db/reps.ts';
import { TendrilError } from '../../domain/errors.ts';
import { qualificationOf } from '../../domain/loops.ts';
import { type PoolBody, poolBody, poolFaults } from '../../domain/routing/pool.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { poolView, shownPool } from './schema.ts';

const key = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, 'is not a key such as inside');

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/pools/{key}',
  tags: ['Reps and pools'],
  summary: 'Say who shares the leads of a pool, and how they are given out',
  description:
    'When members or weights change, the numbers given are counted anew; what somebody is behind or ahead for another reason is still made up for. Who joins is owed nothing for the time before.',
  request: {
    params: z.object({ key }),
    body: { required: true, content: { 'application/json': { schema: poolBody } } },
  },
  responses: {
    200: { description: 'The pool', content: { 'application/json': { schema: poolView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/pools/{key}. */
export function putPoolEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { key: poolKey } = c.req.valid('param');
    const body = { key: poolKey, ...c.req.valid('json') };
    const { view, waiting } = await inTransaction(pool, async (tx) => {
      await requireSound(tx, body);
      const id = await putPool(tx, body);
      return { waiting: await retryQueues(tx, [id]), view: (await listPools(tx, poolKey))[0]! };
    });
    qualificationOf(waiting).forEach(poke);
    return c.json(shownPool(view), 200);
  });
}

async function requireSound(tx: Queryable, body: PoolBody & { key: string }): Promise<void> {
  const issues = poolFaults(body, await firmsOfReps(tx), new Set(await poolKeys(tx)));
  if (issues.length > 0) throw new TendrilError('invalid', `The pool cannot stand so: ${issues[0]!.path} ${issues[0]!.reason}`, issues);
}
