import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listCampaigns } from '../../db/campaigns.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { campaignSchema, shownCampaign } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/campaigns',
  tags: ['Campaigns'],
  summary: 'Every campaign',
  responses: {
    200: { description: 'All of them, by key', content: { 'application/json': { schema: z.object({ items: z.array(campaignSchema) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/campaigns. */
export function listCampaignsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json({ items: (await listCampaigns(pool)).map(shownCampaign) }, 200));
}
