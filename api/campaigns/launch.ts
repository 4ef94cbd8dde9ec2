import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { launch } from '../../db/campaign-life.ts';
import { newestDocument, requireCampaign } from '../../db/campaigns.ts';
import { inTransaction } from '../../db/pool.ts';
import { nurtureLoops } from '../../db/ranges.ts';
import { needsScore } from '../../domain/campaign/entry.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLinted } from './linting.ts';
import { campaignKey, changed, shownCampaign } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/launch',
  tags: ['Campaigns'],
  summary: 'Launch the newest version',
  description:
    'It takes newcomers from now on; those under way stay on their version. Linted once more, since the workspace may have changed.',
  request: { params: campaignKey },
  responses: {
    200: changed('The campaign, live'),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/campaigns/{key}/launch. */
export function launchCampaignEndpoint(app: OpenAPIHono, { pool, templates, poke }: Pick<ApiDeps, 'pool' | 'templates' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const row = await inTransaction(pool, async (tx) => {
      const { id, state } = await requireCampaign(tx, key);
      if (state === 'archived') throw new TendrilError('conflict', 'An archived campaign stays archived: save it under another key');
      if (state === 'paused') throw new TendrilError('conflict', 'It is paused: resume it first, saying what to do with what is overdue');
      const { campaign } = await requireLinted(tx, templates, await newestDocument(tx, id));
      if (!(await launch(tx, id, campaign, campaign.entry.map(needsScore))))
        throw new TendrilError('conflict', 'It was paused or archived by somebody else at this moment');
      return requireCampaign(tx, key);
    });
    for (const loop of await nurtureLoops(pool, row.id)) poke(loop);
    poke({ kind: 'segments' });
    return c.json(shownCampaign(row), 200);
  });
}
