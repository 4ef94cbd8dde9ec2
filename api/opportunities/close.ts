import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { close } from '../../db/deals.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer } from './answering.ts';

const route = answerRoute(
  'close',
  'The outcome: won or lost',
  'Closes it for good. The people on it become customers, or are lost; marketing goes on as their campaigns say.',
  z.strictObject({
    outcome: z.enum(['won', 'lost']),
    amount: z.number().min(0).max(1e15).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'is not an ISO 4217 code such as EUR')
      .optional(),
    reason: z.string().max(2_000).optional(),
  }),
);

/** POST /v1/opportunities/{id}/close. */
export function closeEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await commitAnswer(deps, id, (tx) => close(tx, id, c.req.valid('json'))), 200);
  });
}
