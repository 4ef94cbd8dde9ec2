import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireCampaign, saveVersion } from '../../db/campaigns.ts';
import { inTransaction } from '../../db/pool.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { documentBody, readDocument } from './document-body.ts';
import { requireLinted } from './linting.ts';
import { campaignSchema, findingSchema, shownCampaign } from './schema.ts';

const saved = campaignSchema
  .extend({
    version: z.int().openapi({ description: 'The number of the version that says this' }),
    warnings: z.array(findingSchema),
  })
  .openapi('SavedCampaign');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns',
  tags: ['Campaigns'],
  summary: 'Save a campaign document as a new version',
  description: 'Versions are immutable. The same document again makes no new one. Nobody enters before it is launched.',
  request: { body: documentBody },
  responses: {
    200: { description: 'The newest version says this already', content: { 'application/json': { schema: saved } } },
    201: { description: 'Saved as a new version', content: { 'application/json': { schema: saved } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/campaigns. */
export function saveCampaignEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const document = await readDocument(c);
    const { campaign, warnings } = await requireLinted(pool, templates, document);
    const { version, row } = await inTransaction(pool, async (tx) => ({
      version: await saveVersion(tx, campaign),
      row: await requireCampaign(tx, campaign.key),
    }));
    return c.json({ ...shownCampaign(row), version: version.number, warnings }, version.added ? 201 : 200);
  });
}
