import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { countLeads, sampleLeads } from '../../db/segments.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireCondition } from './linting.ts';
import { previewBody, sampledLead } from './schema.ts';

const SAMPLE = 20;

const route = createRoute({
  ...secured('read'),
  method: 'post',
  path: '/v1/segments/preview',
  tags: ['Segments'],
  summary: 'How many leads a condition holds of, and some of them, before it is saved',
  request: { body: { required: true, content: { 'application/json': { schema: previewBody } } } },
  responses: {
    200: {
      description: 'The count, and the newest 20',
      content: { 'application/json': { schema: z.object({ count: z.int(), sample: z.array(sampledLead) }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/segments/preview. */
export function previewSegmentEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const found = await inTransaction(pool, async (tx) => {
      const condition = await requireCondition(tx, templates, null, c.req.valid('json').condition);
      return { count: (await countLeads(tx, [condition]))[0]!, sample: await sampleLeads(tx, condition, SAMPLE) };
    });
    return c.json(found, 200);
  });
}
