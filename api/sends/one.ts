import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { deliveryTold } from '../../db/delivery-read.ts';
import { hitsOf } from '../../db/hits-read.ts';
import { readSend } from '../../db/sends-read.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { sendDetailSchema, shownHit, shownSend } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/sends/{id}',
  tags: ['Mail'],
  summary: 'One mail of the ledger',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'The mail', content: { 'application/json': { schema: sendDetailSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/sends/{id}. */
export function readSendEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const send = await readSend(pool, c.req.valid('param').id);
    if (!send) throw new TendrilError('not_found', 'There is no such mail');
    return c.json(
      { ...shownSend(send), hits: (await hitsOf(pool, send.id)).map(shownHit), delivery: await deliveryTold(pool, send.id) },
      200,
    );
  });
}
