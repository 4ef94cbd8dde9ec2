import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { tellRecords } from '../../db/records.ts';
import { requireRecord } from '../../db/records-read.ts';
import { system } from '../../domain/crm/external.ts';
import { recordSchema } from '../../domain/records/record.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { recordParam, recordView } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/records/by/{system}/{kind}/{externalId}',
  tags: ['Records'],
  summary: 'Tell a record as one of another system',
  description:
    'As PUT /v1/records/{kind}/{externalId}. The record is that system’s from then on: another one that tells it gets 409, and what follows is told to others with this system as its `origin`.',
  request: { params: recordParam.extend({ system }), body: { required: true, content: { 'application/json': { schema: recordSchema } } } },
  responses: {
    200: { description: 'The record, changed or as it was', content: { 'application/json': { schema: recordView } } },
    201: { description: 'A new record', content: { 'application/json': { schema: recordView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/records/by/{system}/{kind}/{externalId}. */
export function upsertRecordEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { kind, externalId, system: origin } = c.req.valid('param');
    const { created, loops, stored } = await inTransaction(pool, async (tx) => {
      const { results, loops: poked } = await tellRecords(tx, [{ kind, externalId, record: c.req.valid('json'), system: origin }]);
      return { created: results[0]!.created, loops: poked, stored: await requireRecord(tx, kind, externalId) };
    });
    loops.forEach(poke);
    return c.json(stored, created ? 201 : 200);
  });
}
