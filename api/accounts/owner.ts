import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readAccount } from '../../db/accounts-read.ts';
import { inTransaction } from '../../db/pool.ts';
import { setAccountOwner } from '../../db/routing/settling.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireRep } from '../opportunities/answering.ts';
import { problemResponses } from '../problem.ts';
import { accountSchema, shownAccount } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/accounts/{id}/owner',
  tags: ['Accounts'],
  summary: 'Say who has an account',
  description:
    'Colleagues who come later go to this rep. What others have of the account stays with them, and is noted as a conflict (GET /v1/routing/conflicts).',
  request: {
    params: z.object({ id: z.uuid() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              rep: z.string().min(1).max(100).nullable().openapi({ description: 'Key of the rep; null: nobody has it', example: 'ana' }),
            })
            .openapi('AccountOwner'),
        },
      },
    },
  },
  responses: {
    200: { description: 'The account', content: { 'application/json': { schema: accountSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/accounts/{id}/owner. */
export function setAccountOwnerEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep } = c.req.valid('json');
    const told = await inTransaction(pool, async (tx) => setAccountOwner(tx, id, rep === null ? null : await requireRep(tx, rep)));
    if (told) poke({ kind: 'delivery', lane: 'internal' });
    const { opportunities: _, ...account } = (await readAccount(pool, id))!;
    return c.json(shownAccount(account), 200);
  });
}
