import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listSequences } from '../../db/sequences.ts';
import { secured } from '../auth.ts';
import { shownCampaign } from '../campaigns/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { sequenceSchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/sequences',
  tags: ['Sequences'],
  summary: 'Every sequence',
  responses: {
    200: { description: 'All of them, by key', content: { 'application/json': { schema: z.object({ items: z.array(sequenceSchema) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/sequences. */
export function listSequencesEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => c.json({ items: (await listSequences(pool)).map(shownCampaign) }, 200));
}
