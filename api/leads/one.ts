import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { readLead } from '../../db/leads-read.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadDetailSchema, leadParam, shownDetail } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads/{lead}',
  tags: ['Leads'],
  summary: 'One lead: who it is, where it stands in each campaign, its opportunities and consents',
  request: { params: leadParam },
  responses: {
    200: { description: 'The lead', content: { 'application/json': { schema: leadDetailSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/leads/{idOrEmail}. */
export function readLeadEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const lead = await readLead(pool, await requireLeadId(pool, c.req.valid('param').lead));
    if (!lead) throw new TendrilError('not_found', 'There is no lead with this id or address');
    return c.json(shownDetail(lead), 200);
  });
}
