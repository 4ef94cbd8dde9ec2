import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listAppointments } from '../../db/appointments-read.ts';
import { requireCampaign } from '../../db/campaigns.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const states = z.enum(['armed', 'entered', 'passed']);

const appointmentSchema = z
  .object({
    id: z.uuid(),
    entry: z.string().openapi({ description: 'The entry in short', example: 'contract.ends_at' }),
    thing: z
      .object({ kind: z.string(), id: z.uuid(), name: z.string().nullable() })
      .nullable()
      .openapi({ description: "What has the date; null: the schedule's own" }),
    date: z.string().openapi({ description: 'As it was told', example: '2026-07-01' }),
    dueAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'The date with the offset of the entry; null: just being worked out, or it is no date' }),
    state: states,
    note: z.string().nullable().openapi({ description: 'Why it let nobody in' }),
  })
  .openapi('Appointment');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/campaigns/{key}/appointments',
  tags: ['Campaigns'],
  summary: 'When its entries by date and schedule open, and did',
  request: {
    params: campaignKey,
    query: z.object({
      state: states
        .default('armed')
        .openapi({ description: '`armed`: to come; `entered`: has let people in; `passed`: let nobody in, and why' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: 'Those to come soonest first, the others latest first',
      content: { 'application/json': { schema: z.object({ items: z.array(appointmentSchema), nextCursor }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/campaigns/{key}/appointments. */
export function appointmentsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { state, limit, cursor } = c.req.valid('query');
    const { id } = await requireCampaign(pool, c.req.valid('param').key);
    const page = await listAppointments(pool, id, state, limit, readCursor(cursor));
    return c.json(
      { items: page.items.map((one) => ({ ...one, dueAt: one.dueAt?.toISOString() ?? null })), nextCursor: page.nextCursor },
      200,
    );
  });
}
