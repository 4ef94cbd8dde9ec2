import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { retryCall } from '../../db/call-retry.ts';
import { inTransaction } from '../../db/pool.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/calls/{id}/retry',
  tags: ['Webhooks'],
  summary: 'Make a call again that has failed for good',
  description:
    'At once, with all its attempts, under the same webhook-id. A lead that has gone on in its campaign stays where it is; attributes that the answer gives are still set.',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    202: {
      description: 'It is queued',
      content: { 'application/json': { schema: z.object({ id: z.uuid(), state: z.literal('queued') }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/calls/{id}/retry. */
export function retryCallEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    poke(await inTransaction(pool, (tx) => retryCall(tx, id)));
    return c.json({ id, state: 'queued' as const }, 202);
  });
}
