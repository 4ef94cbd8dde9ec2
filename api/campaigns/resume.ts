import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type Overdue, resume } from '../../db/campaign-life.ts';
import { duration, lengthMs } from '../../domain/calendar/duration.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { changeState } from './changing.ts';
import { campaignKey, changed, shownCampaign } from './schema.ts';

const body = z
  .strictObject({
    overdue: z.union([z.enum(['skip', 'send']), z.strictObject({ spread: duration })]).openapi({
      description: 'What to do with what fell due during the pause: leave it out, send it now, or strew it over a while',
      example: 'send',
    }),
  })
  .openapi('Resume');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/resume',
  tags: ['Campaigns'],
  summary: 'Go on after a pause',
  request: { params: campaignKey, body: { content: { 'application/json': { schema: body } }, required: true } },
  responses: {
    200: changed('The campaign, live'),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/campaigns/{key}/resume. */
export function resumeCampaignEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { overdue } = c.req.valid('json');
    const how: Overdue = typeof overdue === 'string' ? { how: overdue } : { how: 'spread', ms: lengthMs(overdue.spread) };
    return c.json(
      shownCampaign(
        await changeState(deps, c.req.valid('param').key, (tx, id) => resume(tx, id, how), 'Only a paused campaign can be resumed.'),
      ),
      200,
    );
  });
}
