import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { documentsOf } from '../../db/documents.ts';
import { countLeads } from '../../db/segments.ts';
import type { ConditionDocument } from '../../domain/conditions/condition.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { segmentView, shownSegment } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/segments',
  tags: ['Segments'],
  summary: 'The segments there are, and how many leads are in each',
  responses: {
    200: { description: 'Every segment, by key', content: { 'application/json': { schema: z.object({ items: z.array(segmentView) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/segments. */
export function listSegmentsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const segments = await documentsOf(pool, 'segment');
    const counts = await countLeads(
      pool,
      segments.map(({ body }) => (body as { condition: ConditionDocument }).condition),
    );
    return c.json({ items: segments.map((segment, i) => shownSegment(segment, counts[i]!)) }, 200);
  });
}
