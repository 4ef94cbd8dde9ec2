import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { close } from '../../db/deals.ts';
import { amount, currency } from '../../domain/pipeline/pipeline.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer, requireRep } from './answering.ts';
import { repKey } from './schema.ts';

const route = answerRoute(
  'close',
  'The outcome: won or lost',
  "Closes it for good. The people on it become customers, or are lost; marketing goes on as their campaigns say. What is lost takes one of the qualification standard's `lossReasons`, and needs one where the standard names them.",
  z.strictObject({
    outcome: z.enum(['won', 'lost']),
    amount: amount.optional(),
    currency: currency.optional(),
    reason: z.string().min(1).max(100).optional().openapi({ description: 'Of a loss: key of a loss reason', example: 'too_expensive' }),
    note: z.string().max(2_000).optional(),
    rep: repKey.optional().openapi({ description: 'Who says so' }),
  }),
);

/** POST /v1/opportunities/{id}/close. */
export function closeEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep, ...outcome } = c.req.valid('json');
    return c.json(await commitAnswer(deps, id, async (tx) => close(tx, id, outcome, rep ? await requireRep(tx, rep) : null)), 200);
  });
}
