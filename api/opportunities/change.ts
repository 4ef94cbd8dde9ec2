import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { changeDeal } from '../../db/deals.ts';
import { amount, currency } from '../../domain/pipeline/pipeline.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { commitAnswer, requireRep } from './answering.ts';
import { fits, opportunityId, opportunitySchema, repKey } from './schema.ts';

const body = z
  .strictObject({
    stage: z.string().min(1).max(100).optional().openapi({ description: 'Key of a stage of the pipeline', example: 'proposal' }),
    amount: amount.nullable().optional(),
    currency: currency.nullable().optional().openapi({ description: 'ISO 4217', example: 'EUR' }),
    expectedClose: z.iso
      .date()
      .refine((day) => day >= '1970-01-01', 'is long ago')
      .nullable()
      .optional(),
    grade: z.enum(fits).nullable().optional().openapi({ description: "By which fit its ladder is chosen, instead of its lead's" }),
    rep: repKey.optional().openapi({ description: 'Who says so' }),
  })
  .openapi('OpportunityChange');

const route = createRoute({
  ...secured('write'),
  method: 'patch',
  path: '/v1/opportunities/{id}',
  tags: ['Opportunities'],
  summary: 'Say what it is worth, when it will close, and how far it is',
  description:
    'What is left out stays; null is unsaid again. While it is open; of one that is won the amount may still be corrected. Each change is in its history, with what it was before.',
  request: { params: opportunityId, body: { content: { 'application/json': { schema: body } }, required: true } },
  responses: {
    200: { description: 'The opportunity, as it stands now', content: { 'application/json': { schema: opportunitySchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** PATCH /v1/opportunities/{id}. */
export function changeOpportunityEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep, ...change } = c.req.valid('json');
    return c.json(await commitAnswer(deps, id, async (tx) => changeDeal(tx, id, change, rep ? await requireRep(tx, rep) : null)), 200);
  });
}
