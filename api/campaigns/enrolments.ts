import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireCampaign } from '../../db/campaigns.ts';
import { type EnrolmentRow, listEnrolments } from '../../db/enrolments-read.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const states = z.enum(['active', 'completed', 'goal', 'exited']);

const enrolmentSchema = z
  .object({
    id: z.uuid(),
    leadId: z.uuid(),
    email: z.string().nullable(),
    version: z.int(),
    state: states,
    stepId: z.string(),
    enteredAt: z.iso.datetime(),
    arrivedAt: z.iso.datetime().openapi({ description: 'When the step was reached' }),
    dueAt: z.iso.datetime().nullable().openapi({ description: 'The next look, while active' }),
    waiting: z.string().nullable().openapi({ description: 'What it waits for besides time' }),
    endedAt: z.iso.datetime().nullable(),
    endReason: z.string().nullable(),
    error: z.string().nullable().openapi({ description: 'Why the last look failed; it is tried again' }),
  })
  .openapi('Enrolment');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/campaigns/{key}/enrolments',
  tags: ['Campaigns'],
  summary: 'Who is or was in a campaign',
  request: { params: campaignKey, query: z.object({ ...pageQuery, step: z.string().max(63).optional(), state: states.optional() }) },
  responses: {
    200: {
      description: 'Newest first',
      content: { 'application/json': { schema: z.object({ items: z.array(enrolmentSchema), nextCursor: z.string().nullable() }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/campaigns/{key}/enrolments. */
export function enrolmentsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { step, state, limit, cursor } = c.req.valid('query');
    const { id } = await requireCampaign(pool, c.req.valid('param').key);
    const { items, nextCursor } = await listEnrolments(pool, id, { step, state }, limit, readCursor(cursor));
    return c.json({ items: items.map(shown), nextCursor }, 200);
  });
}

function shown(row: Omit<EnrolmentRow, 'place'>): z.infer<typeof enrolmentSchema> {
  const { enteredAt, arrivedAt, dueAt, endedAt, ...rest } = row;
  return {
    ...rest,
    enteredAt: enteredAt.toISOString(),
    arrivedAt: arrivedAt.toISOString(),
    dueAt: row.state === 'active' ? dueAt!.toISOString() : null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}
