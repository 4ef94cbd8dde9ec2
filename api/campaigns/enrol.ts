import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { addCandidate } from '../../db/candidates.ts';
import { requireCampaign } from '../../db/campaigns.ts';
import { inTransaction } from '../../db/pool.ts';
import { nurtureLoops } from '../../db/ranges.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const body = z
  .union([
    z.strictObject({ email: z.email(), properties: z.record(z.string(), z.unknown()).default({}) }),
    z.strictObject({ leadId: z.uuid(), properties: z.record(z.string(), z.unknown()).default({}) }),
  ])
  .openapi('NewEnrolment');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/enrolments',
  tags: ['Campaigns'],
  summary: 'Put a lead into a campaign by hand',
  description:
    "The campaign's re-entry rule, exclusions and exitWhen hold for them as for everybody; what keeps them out is in the lead's journal.",
  request: { params: campaignKey, body: { content: { 'application/json': { schema: body } }, required: true } },
  responses: {
    202: { description: 'Stands at the door', content: { 'application/json': { schema: z.object({ leadId: z.uuid() }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/campaigns/{key}/enrolments. */
export function enrolEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const given = c.req.valid('json');
    const { leadId, campaignId } = await inTransaction(pool, async (tx) => {
      const campaign = await requireCampaign(tx, key);
      if (campaign.state !== 'live' && campaign.state !== 'paused')
        throw new TendrilError('conflict', `Nobody can enter: the campaign is ${campaign.state}`);
      const lead = await requireLeadId(tx, 'email' in given ? given.email : given.leadId);
      await addCandidate(tx, campaign.id, lead, given.properties);
      return { leadId: lead, campaignId: campaign.id };
    });
    for (const loop of await nurtureLoops(pool, campaignId)) poke(loop);
    return c.json({ leadId }, 202);
  });
}
