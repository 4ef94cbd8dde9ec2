import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { campaignStatus } from '../../db/campaign-status.ts';
import { requireCampaign } from '../../db/campaigns.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey, campaignSchema, shownCampaign } from './schema.ts';

const statusSchema = campaignSchema
  .extend({
    entered: z.int(),
    active: z.int(),
    completed: z.int(),
    goal: z.int(),
    exited: z.int(),
    waiting: z.int().openapi({ description: 'Candidates that have not been looked at yet' }),
    failing: z.int().openapi({ description: 'Active enrolments whose last look failed; each is tried again' }),
    steps: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        words: z.string(),
        depth: z.int().openapi({ description: '0 at the top, one more in each arm' }),
        active: z.int().openapi({ description: 'Enrolments standing on it now' }),
        passed: z.int().openapi({ description: 'Enrolments that have gone on from it' }),
        opened: z.int().openapi({ description: 'Of its mails, those that a person opened, as far as is known; machines are not counted' }),
        clicked: z.int().openapi({ description: 'Of its mails, those in which a person followed a link' }),
        paused: z.boolean().openapi({ description: 'It stands still: who is on it waits' }),
      }),
    ),
  })
  .openapi('CampaignStatus');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/campaigns/{key}',
  tags: ['Campaigns'],
  summary: 'A campaign, with live counts for each step',
  request: { params: campaignKey },
  responses: {
    200: { description: 'The campaign. Test leads are not counted', content: { 'application/json': { schema: statusSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/campaigns/{key}. */
export function getCampaignEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const row = await requireCampaign(pool, c.req.valid('param').key);
    return c.json({ ...shownCampaign(row), ...(await campaignStatus(pool, row)) }, 200);
  });
}
