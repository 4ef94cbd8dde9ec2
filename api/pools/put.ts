import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { listPools, putPool } from '../../db/pools.ts';
import { retryQueues } from '../../db/queue.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { poolView } from './schema.ts';

const key = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, 'is not a key such as inside');

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/pools/{key}',
  tags: ['Reps and pools'],
  summary: 'Say who shares the leads of a pool',
  description: 'When members or weights change, counting starts again: each is due the new share from here on, and nothing for the past.',
  request: {
    params: z.object({ key }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            name: z.string().min(1).max(200),
            members: z
              .array(z.strictObject({ rep: z.string().max(100), weight: z.number().positive().max(1_000).default(1) }))
              .max(500)
              .refine((members) => new Set(members.map((member) => member.rep)).size === members.length, { error: 'names a rep twice' }),
          }),
        },
      },
    },
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
    const { pools, waiting } = await inTransaction(pool, async (tx) => {
      const id = await putPool(tx, { key: poolKey, ...c.req.valid('json') });
      return { waiting: await retryQueues(tx, [id]), pools: await listPools(tx) };
    });
    for (const opportunityId of waiting) poke({ kind: 'qualification', opportunityId });
    return c.json(
      pools.find((one) => one.key === poolKey)!,
      200,
    );
  });
}
