import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { dayOf, setDayLimit } from '../../db/rep-days.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const params = z.object({ key: z.string().min(1).max(100).openapi({ example: 'ana' }) });
const limit = z.int().min(0).max(10_000);

const day = z
  .object({
    rep: z.string(),
    limit: limit.openapi({ description: 'Letters a day, over all sequences' }),
    own: z.boolean().openapi({ description: 'The rep’s own limit; else the workspace’s' }),
    left: z.int().openapi({ description: 'Letters that have left today, in the rep’s zone' }),
    waiting: z.int().openapi({ description: 'Letters that are due and wait for their day' }),
  })
  .openapi('RepDay');

const getRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/reps/{key}/letters',
  tags: ['Sequences'],
  summary: 'How many letters a rep may send today, and has sent',
  request: { params },
  responses: {
    200: { description: 'Their day', content: { 'application/json': { schema: day } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

const putRoute = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/reps/{key}/letters',
  tags: ['Sequences'],
  summary: 'Say how many letters a rep may send a day',
  description:
    'Over all sequences, in the rep’s own zone; null: as many as the workspace says. Letters over it wait for the next day, those of the oldest runs first.',
  request: {
    params,
    body: {
      content: { 'application/json': { schema: z.strictObject({ limit: limit.nullable() }).openapi('RepDayLimit') } },
      required: true,
    },
  },
  responses: {
    200: { description: 'Their day', content: { 'application/json': { schema: day } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

/** GET and PUT /v1/reps/{key}/letters. */
export function letterLimitEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(getRoute, async (c) => c.json(await dayOf(pool, c.req.valid('param').key), 200));
  app.openapi(putRoute, async (c) => {
    const { key } = c.req.valid('param');
    const found = await inTransaction(pool, async (tx) => {
      await setDayLimit(tx, key, c.req.valid('json').limit);
      return dayOf(tx, key);
    });
    poke({ kind: 'delivery', lane: 'personal' });
    return c.json(found, 200);
  });
}
