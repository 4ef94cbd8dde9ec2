import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { archive } from '../../db/campaign-life.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { changeState } from './changing.ts';
import { campaignKey, changed, shownCampaign } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/archive',
  tags: ['Campaigns'],
  summary: 'End it for good',
  description: 'Nobody enters any more, everyone in it leaves, queued mail is cancelled. Its figures and journal stay.',
  request: { params: campaignKey },
  responses: {
    200: changed('The campaign, archived'),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/campaigns/{key}/archive. */
export function archiveCampaignEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) =>
    c.json(
      shownCampaign(await changeState(deps, c.req.valid('param').key, archive, 'An archived campaign cannot be archived again.')),
      200,
    ),
  );
}
