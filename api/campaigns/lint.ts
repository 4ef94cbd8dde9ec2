import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { documentBody, readDocument } from './document-body.ts';
import { lintHere } from './linting.ts';
import { findingSchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'post',
  path: '/v1/campaigns/lint',
  tags: ['Campaigns'],
  summary: 'What is wrong with a campaign document',
  request: { body: documentBody },
  responses: {
    200: {
      description: 'Every finding; none means it may be launched',
      content: { 'application/json': { schema: z.object({ ok: z.boolean(), findings: z.array(findingSchema) }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/campaigns/lint. */
export function lintCampaignEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { campaign, findings } = await lintHere(pool, templates, await readDocument(c));
    return c.json({ ok: campaign !== null, findings }, 200);
  });
}
