import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newestDocument, requireCampaign } from '../../db/campaigns.ts';
import { goalShares } from '../../db/holdout.ts';
import { campaign } from '../../domain/campaign/document.ts';
import { holdoutFigures } from '../../domain/campaign/holdout.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const group = z.object({
  entered: z.int(),
  goals: z.int(),
  rate: z.number().nullable(),
  low: z.number().openapi({ description: 'The true rate lies between this' }),
  high: z.number().openapi({ description: 'and this, with 95 % confidence (Wilson)' }),
});

const figures = z
  .object({
    campaign: z.string(),
    goal: z.string(),
    treated: group,
    heldOut: group,
    difference: z
      .object({ rate: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .openapi({ description: 'Treated less held out, with its 95 % interval (Newcombe)' }),
    verdict: z.enum(['better', 'worse', 'no difference to be seen', 'too few to read']),
  })
  .openapi('Holdout');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/campaigns/{key}/holdout',
  tags: ['Campaigns'],
  summary: 'What a campaign does: the goal rate of the treated against those held out',
  description:
    'Goals are counted after entry, as long as the goal’s `within` says, also of those who have left the campaign. Test leads stay out.',
  request: { params: campaignKey },
  responses: {
    200: { description: 'Both groups', content: { 'application/json': { schema: figures } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** GET /v1/campaigns/{key}/holdout. */
export function holdoutEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const { id } = await requireCampaign(pool, key);
    const { goal } = campaign.parse(await newestDocument(pool, id));
    if (!goal) throw new TendrilError('conflict', 'This campaign has no goal to compare by; give it one.');
    const { treated, heldOut } = await goalShares(pool, id, goal);
    return c.json({ campaign: key, goal: goal.event, ...holdoutFigures(treated, heldOut) }, 200);
  });
}
