import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newestDocument, requireCampaign } from '../../db/campaigns.ts';
import { planOfDocument, planOfVersion } from '../../db/plan.ts';
import { whyNot } from '../../db/why-not.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const whyNotSchema = z
  .object({
    leadId: z.uuid(),
    campaign: z.object({ key: z.string(), name: z.string(), state: z.string() }),
    standing: z.enum(['in', 'may_enter', 'out']).openapi({ description: 'In it now; would be let in on coming; or kept out' }),
    hindrances: z.array(
      z.object({
        rule: z.string(),
        words: z.string(),
        facts: z.array(z.string()).openapi({ description: 'What the rule looked at, and what it saw' }),
        change: z.array(z.string()).openapi({ description: 'What would have to change' }),
        until: z.iso.datetime().nullable().openapi({ description: 'When it is looked at again, or ends by itself' }),
      }),
    ),
    before: z.array(z.object({ at: z.iso.datetime(), words: z.string() })).openapi({ description: 'Earlier decisions, newest first' }),
  })
  .openapi('WhyNot');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/campaigns/{key}/why-not',
  tags: ['Campaigns'],
  summary: 'What keeps a lead out of a campaign, or holds it back in it',
  description:
    'By the rules of the version that takes newcomers (of a draft: the newest), as things stand now: each rule in words, what it saw, and what would have to change.',
  request: {
    params: campaignKey,
    query: z.object({
      email: z.string().max(320).optional().openapi({ description: 'Address of the lead' }),
      leadId: z.uuid().optional().openapi({ description: 'Or its id' }),
    }),
  },
  responses: {
    200: { description: 'Why not', content: { 'application/json': { schema: whyNotSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/campaigns/{key}/why-not. */
export function whyNotEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { email, leadId: id } = c.req.valid('query');
    const who = email ?? id;
    if (who === undefined) throw new TendrilError('invalid', 'Say whom: email or leadId');
    const campaign = await requireCampaign(pool, c.req.valid('param').key);
    const leadId = await requireLeadId(pool, who);
    const plan = campaign.liveVersionId
      ? await planOfVersion(pool, campaign.liveVersionId)
      : await planOfDocument(pool, await newestDocument(pool, campaign.id));
    const found = await whyNot(pool, campaign, plan, leadId);
    return c.json(
      {
        ...found,
        leadId,
        campaign: { key: campaign.key, name: campaign.name, state: campaign.state },
        hindrances: found.hindrances.map((one) => ({ ...one, until: one.until?.toISOString() ?? null })),
        before: found.before.map((one) => ({ ...one, at: one.at.toISOString() })),
      },
      200,
    );
  });
}
