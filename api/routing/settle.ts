import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { findConflict, settleConflict } from '../../db/routing/settling.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireRep } from '../opportunities/answering.ts';
import { problemResponses } from '../problem.ts';
import { conflictSchema, shownConflict } from './schema.ts';

const body = z
  .strictObject({
    keep: z.literal('both').optional().openapi({ description: 'Both go on; it is not raised again' }),
    rep: z.string().min(1).max(100).optional().openapi({ description: 'Key of the rep who gets what it is about, and the account' }),
    note: z.string().max(2_000).optional(),
  })
  .refine(({ keep, rep }) => (keep === undefined) !== (rep === undefined), { error: 'say keep: both, or rep: whose it is to be' })
  .openapi('ConflictSettlement');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/routing/conflicts/{id}/settle',
  tags: ['Routing'],
  summary: 'A manager says whose it is: both go on, or one gets it',
  description:
    'Who gets it is offered what others have of it, as by hand (POST /v1/opportunities/{id}/reassign), and has the account from here on. ' +
    'Where it is only a name that two companies share, the account stays whose it is.',
  request: { params: z.object({ id: z.uuid() }), body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'Settled', content: { 'application/json': { schema: conflictSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/routing/conflicts/{id}/settle. */
export function settleConflictEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep, note } = c.req.valid('json');
    const by = c.get('apiKey').name;
    const loops = await inTransaction(pool, async (tx) =>
      settleConflict(tx, id, { give: rep === undefined ? null : await requireRep(tx, rep), by, note: note ?? null }),
    );
    loops.forEach(poke);
    return c.json(shownConflict((await findConflict(pool, id))!), 200);
  });
}
