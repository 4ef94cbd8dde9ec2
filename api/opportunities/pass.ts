import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { findPool, passToPool } from '../../db/partners.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer } from './answering.ts';

const route = answerRoute(
  'pass',
  'Pass it to another pool',
  'It stands in the queue of that pool, first in line. Where the pool is a partner’s, they see it from here on, and it comes back to where it was unless one of them accepts it in time. Links of earlier mails are worth nothing from here on.',
  z.strictObject({ pool: z.string().min(1).max(100).openapi({ description: 'Key of the pool', example: 'nordic-partner' }) }),
);

/** POST /v1/opportunities/{id}/pass. */
export function passEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { pool: key } = c.req.valid('json');
    const act = commitAnswer(deps, id, async (tx) => {
      const to = await findPool(tx, key);
      if (!to)
        throw new TendrilError('invalid', `There is no pool '${key}'`, [
          { path: 'pool', reason: 'is not the key of a pool', mend: 'see GET /v1/pools' },
        ]);
      return passToPool(tx, id, to, c.get('apiKey').name);
    });
    return c.json(await act, 200);
  });
}
