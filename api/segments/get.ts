import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireDocument } from '../../db/documents.ts';
import { countLeads, segmentUses } from '../../db/segments.ts';
import type { ConditionDocument } from '../../domain/conditions/condition.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { segmentParam, segmentView, shownSegment } from './schema.ts';

const detail = segmentView
  .extend({ usedBy: z.object({ campaigns: z.array(z.string()), segments: z.array(z.string()), rules: z.array(z.string()) }) })
  .openapi('SegmentWithUses');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/segments/{key}',
  tags: ['Segments'],
  summary: 'A segment, how many leads are in it, and who names it',
  request: { params: segmentParam },
  responses: {
    200: { description: 'The segment', content: { 'application/json': { schema: detail } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/segments/{key}. */
export function getSegmentEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const segment = await requireDocument(pool, 'segment', key);
    const [count] = await countLeads(pool, [(segment.body as { condition: ConditionDocument }).condition]);
    return c.json({ ...shownSegment(segment, count!), usedBy: await segmentUses(pool, key) }, 200);
  });
}
