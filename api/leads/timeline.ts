import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { readTimeline, timelineKinds } from '../../db/timeline.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadParam, nextCursor, pageQuery } from './schema.ts';

const itemSchema = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    kind: z.enum(timelineKinds),
    what: z.string().openapi({
      description: 'The event, template, kind of decision, form, state of the opportunity, task, host or topic that it is about',
    }),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('TimelineItem');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads/{lead}/timeline',
  tags: ['Leads'],
  summary: 'Everything that happened to a lead, and everything we did, newest first',
  request: { params: leadParam, query: z.object(pageQuery) },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: z.object({ items: z.array(itemSchema), nextCursor }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/leads/{idOrEmail}/timeline. */
export function timelineEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const from = readCursor(cursor);
    const page = await readTimeline(pool, await requireLeadId(pool, c.req.valid('param').lead), limit, from);
    return c.json({ items: page.items.map((item) => ({ ...item, at: item.at.toISOString() })), nextCursor: page.nextCursor }, 200);
  });
}
