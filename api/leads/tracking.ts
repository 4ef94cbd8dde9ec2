import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { setTracking } from '../../db/lead-tracking.ts';
import { readLead } from '../../db/leads-read.ts';
import { inTransaction } from '../../db/pool.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadDetailSchema, leadParam, shownDetail } from './schema.ts';

const body = z
  .strictObject({
    tracked: z.boolean().openapi({ description: 'false: links in mails to this person are the author’s own, and nothing is noted' }),
  })
  .openapi('LeadTracking');

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/leads/{lead}/tracking',
  tags: ['Leads'],
  summary: 'Whether clicks and opens of one person are noted',
  description: 'Switched off, it holds at once, for mails that have left too: their links lead on. What has counted before stays.',
  request: { params: leadParam, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'The lead, as it stands now', content: { 'application/json': { schema: leadDetailSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/leads/{idOrEmail}/tracking. */
export function leadTrackingEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const leadId = await requireLeadId(pool, c.req.valid('param').lead);
    await inTransaction(pool, (tx) => setTracking(tx, leadId, c.req.valid('json').tracked));
    return c.json(shownDetail((await readLead(pool, leadId))!), 200);
  });
}
