import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { pause } from '../../db/campaign-life.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { changeState } from './changing.ts';
import { campaignKey, changed, shownCampaign } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/pause',
  tags: ['Campaigns'],
  summary: 'Stop its steps and its mail',
  description: 'Clocks run on; those who would enter wait. Resume asks what to do with what fell due meanwhile.',
  request: { params: campaignKey },
  responses: {
    200: changed('The campaign, paused'),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/campaigns/{key}/pause. */
export function pauseCampaignEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) =>
    c.json(shownCampaign(await changeState(deps, c.req.valid('param').key, pause, 'Only a live campaign can be paused.')), 200),
  );
}
