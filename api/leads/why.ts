import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { readReasons } from '../../db/why.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadParam, nextCursor, pageQuery } from './schema.ts';

const reasonSchema = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    kind: z.string().openapi({ description: 'What was decided', example: 'stepped' }),
    words: z
      .string()
      .openapi({ description: 'The decision and the rule that made it', example: 'engaged: arm 1 of the branch held, and went on' }),
    facts: z
      .array(z.string())
      .openapi({ description: 'Each fact the rule looked at, and what it saw', example: ['yes: clicked welcome (2×)'] }),
    campaign: z.object({ key: z.string(), name: z.string() }).nullable(),
    stepId: z.string().nullable(),
    opportunityId: z.uuid().nullable(),
    because: z.record(z.string(), z.unknown()).openapi({ description: 'The same as data, as it was written then' }),
  })
  .openapi('Reason');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads/{lead}/why',
  tags: ['Leads'],
  summary: 'Why things are as they are: every decision about a lead, newest first',
  description: 'From the journal, which is written with each decision: it tells what was known then, not what is known now.',
  request: {
    params: leadParam,
    query: z.object({
      campaign: z.string().max(100).optional().openapi({ description: 'Key of a campaign: only its decisions' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(reasonSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/leads/{idOrEmail}/why. */
export function whyEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { campaign, limit, cursor } = c.req.valid('query');
    const from = readCursor(cursor);
    const page = await readReasons(pool, await requireLeadId(pool, c.req.valid('param').lead), campaign ?? null, limit, from);
    return c.json({ items: page.items.map((item) => ({ ...item, at: item.at.toISOString() })), nextCursor: page.nextCursor }, 200);
  });
}
