import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { findLeadId } from '../../db/leads-read.ts';
import { handOff, loopsOfHandOff } from '../../db/opportunities.ts';
import { findOpportunity } from '../../db/opportunities-read.ts';
import { inTransaction } from '../../db/pool.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { opportunitySchema, shownOpportunity } from './schema.ts';

const opened = (description: string) => ({ description, content: { 'application/json': { schema: opportunitySchema } } });

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/opportunities',
  tags: ['Opportunities'],
  summary: 'Hand a lead to sales',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            lead: z.string().min(1).max(320).openapi({ description: 'Id or email of the lead', example: 'mei@huadong.example' }),
            pool: z.string().max(100).optional().openapi({ description: "Key of the pool; left out: the qualification standard's" }),
            productLine: z.string().max(100).optional(),
            urgent: z.boolean().optional().openapi({ description: 'Assigned before the rest' }),
            nurture: z.boolean().optional().openapi({ description: 'Marketing goes on meanwhile' }),
            note: z.string().max(2_000).optional(),
          }),
        },
      },
    },
  },
  responses: {
    200: opened('There was an open one of the account (or lead); the lead is on it'),
    201: opened('A new opportunity, in the queue'),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/opportunities. */
export function handOverEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { lead, note, ...how } = c.req.valid('json');
    const handed = await inTransaction(pool, async (tx) => {
      const leadId = await findLeadId(tx, lead);
      if (!leadId) throw new TendrilError('not_found', 'There is no such lead');
      return handOff(tx, [{ ...how, leadId, source: 'api', because: note ? { rule: 'api', note } : { rule: 'api' } }]);
    });
    const { opportunityId, created } = handed[0]!;
    loopsOfHandOff(handed).forEach(poke);
    return c.json(shownOpportunity((await findOpportunity(pool, opportunityId))!), created ? 201 : 200);
  });
}
