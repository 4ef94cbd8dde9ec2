import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listMeetings } from '../../db/meetings-read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const meeting = z
  .object({
    uri: z.string(),
    name: z.string(),
    state: z.enum(['booked', 'moved', 'canceled']),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().nullable(),
    timezone: z.string().nullable().openapi({ description: 'The invitee’s' }),
    location: z.string().nullable(),
    leadId: z.uuid(),
    rep: z.string().nullable().openapi({ description: 'Key of the rep in whose calendar it stands' }),
    host: z.string().nullable(),
    insteadOf: z.string().nullable().openapi({ description: 'The invitation that it replaces' }),
    reason: z.string().nullable().openapi({ description: 'Why it was called off' }),
  })
  .openapi('Meeting');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/meetings',
  tags: ['Meetings'],
  summary: 'Meetings that people have booked, the next ones first',
  request: {
    query: z.object({
      rep: z.string().max(100).optional().openapi({ description: 'Key of a rep' }),
      lead: z.uuid().optional(),
      state: z.enum(['booked', 'moved', 'canceled']).optional(),
      from: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Those that begin at this instant or later' }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: {
    200: { description: 'Meetings', content: { 'application/json': { schema: z.object({ items: z.array(meeting) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/meetings. */
export function listMeetingsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { rep, lead, state, from, limit } = c.req.valid('query');
    const items = await listMeetings(
      pool,
      { ...(rep && { rep }), ...(lead && { leadId: lead }), ...(state && { state }), ...(from && { from: new Date(from) }) },
      limit,
    );
    const shown = items.map((one) => ({ ...one, startsAt: one.startsAt.toISOString(), endsAt: one.endsAt?.toISOString() ?? null }));
    return c.json({ items: shown }, 200);
  });
}
