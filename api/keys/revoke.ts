import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { revokeKey } from '../../db/api-keys.ts';
import { inTransaction } from '../../db/pool.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'delete',
  path: '/v1/keys/{id}',
  tags: ['Keys'],
  summary: 'Revoke an API key, for ever',
  description: 'It stops working within seconds, everywhere. Revoking it again changes nothing.',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    204: { description: 'Revoked' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** DELETE /v1/keys/{id}. */
export function revokeKeyEndpoint(app: OpenAPIHono, { pool, forgetKey }: Pick<ApiDeps, 'pool'> & { forgetKey(id: string): void }): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const outcome = await inTransaction(pool, (tx) => revokeKey(tx, id));
    if (outcome === 'not_found') throw new TendrilError('not_found', 'There is no such key');
    if (outcome === 'last_admin') throw new TendrilError('conflict', 'This is the last admin key; make another before you revoke it');
    forgetKey(id);
    return c.body(null, 204);
  });
}
