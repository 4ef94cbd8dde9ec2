import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { putDocument } from '../../db/documents.ts';
import { inTransaction } from '../../db/pool.ts';
import { countLeads } from '../../db/segments.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireCondition } from './linting.ts';
import { segmentBody, segmentParam, segmentView, shownSegment } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/segments/{key}',
  tags: ['Segments'],
  summary: 'Save a condition under a name',
  description:
    'Campaigns and other segments that name it follow at once. Where a live campaign takes in whoever joins it, those who join by the change do enter.',
  request: { params: segmentParam, body: { required: true, content: { 'application/json': { schema: segmentBody } } } },
  responses: {
    200: { description: 'In force', content: { 'application/json': { schema: segmentView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/segments/{key}. */
export function putSegmentEndpoint(app: OpenAPIHono, { pool, poke, templates }: Pick<ApiDeps, 'pool' | 'poke' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const given = c.req.valid('json');
    const saved = await inTransaction(pool, async (tx) => {
      const condition = await requireCondition(tx, templates, key, given.condition);
      const body = { ...(given.name !== undefined && { name: given.name }), condition };
      const version = await putDocument(tx, 'segment', key, body);
      return shownSegment({ key, version, body }, (await countLeads(tx, [condition]))[0]!);
    });
    poke({ kind: 'segments' });
    return c.json(saved, 200);
  });
}
