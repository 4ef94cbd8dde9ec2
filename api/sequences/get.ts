import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { campaignStatus } from '../../db/campaign-status.ts';
import { newestDocument } from '../../db/campaigns.ts';
import { requireSequence } from '../../db/sequences.ts';
import { secured } from '../auth.ts';
import { shownCampaign } from '../campaigns/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { sequenceKey, sequenceSchema } from './schema.ts';

const statusSchema = sequenceSchema
  .extend({
    document: z.record(z.string(), z.unknown()).openapi({ description: 'Its newest version' }),
    started: z.int(),
    active: z.int(),
    completed: z.int(),
    exited: z.int().openapi({ description: 'Runs that something ended: an answer, a meeting, a person' }),
    failing: z.int().openapi({ description: 'Active runs whose last look failed; each is tried again' }),
    steps: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        words: z.string(),
        depth: z.int(),
        active: z.int().openapi({ description: 'Runs standing on it now' }),
        passed: z.int().openapi({ description: 'Runs that have gone on from it' }),
      }),
    ),
  })
  .openapi('SequenceStatus');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/sequences/{key}',
  tags: ['Sequences'],
  summary: 'A sequence, with live counts for each step',
  request: { params: sequenceKey },
  responses: {
    200: { description: 'The sequence. Test leads are not counted', content: { 'application/json': { schema: statusSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/sequences/{key}. */
export function getSequenceEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const row = await requireSequence(pool, c.req.valid('param').key);
    const { entered, active, completed, exited, failing, steps } = await campaignStatus(pool, row);
    const document = (await newestDocument(pool, row.id)) as Record<string, unknown>;
    const counted = steps.map(({ id, kind, words, depth, active: here, passed }) => ({ id, kind, words, depth, active: here, passed }));
    return c.json({ ...shownCampaign(row), document, started: entered, active, completed, exited, failing, steps: counted }, 200);
  });
}
