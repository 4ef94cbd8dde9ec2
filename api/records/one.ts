import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { requireRecord } from '../../db/records-read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { recordParam, recordView } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/records/{kind}/{externalId}',
  tags: ['Records'],
  summary: 'One record as it was told last',
  request: { params: recordParam },
  responses: {
    200: { description: 'The record', content: { 'application/json': { schema: recordView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/records/{kind}/{externalId}. */
export function readRecordEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { kind, externalId } = c.req.valid('param');
    return c.json(await requireRecord(pool, kind, externalId), 200);
  });
}
