import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { tellRecords } from '../../db/records.ts';
import { requireRecord } from '../../db/records-read.ts';
import { recordSchema } from '../../domain/records/record.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { recordParam, recordView } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/records/{kind}/{externalId}',
  tags: ['Records'],
  summary: 'Tell a quote, order, contract or service case of a back-end system',
  description:
    'The whole of it each time; the same again changes nothing. A new status is the event `<kind>_<status>`, such as `quote_sent` or `contract_renewed`, of the person the record ' +
    'names, else of everybody of its company, with the properties `<kind>` (the number), `status`, `amount`, `currency`, `products`. A case is open while its status is `open`.',
  request: { params: recordParam, body: { required: true, content: { 'application/json': { schema: recordSchema } } } },
  responses: {
    200: { description: 'The record, changed or as it was', content: { 'application/json': { schema: recordView } } },
    201: { description: 'A new record', content: { 'application/json': { schema: recordView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT /v1/records/{kind}/{externalId}. */
export function putRecordEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { kind, externalId } = c.req.valid('param');
    const { created, loops, stored } = await inTransaction(pool, async (tx) => {
      const { results, loops: poked } = await tellRecords(tx, [{ kind, externalId, record: c.req.valid('json') }]);
      return { created: results[0]!.created, loops: poked, stored: await requireRecord(tx, kind, externalId) };
    });
    loops.forEach(poke);
    return c.json(stored, created ? 201 : 200);
  });
}
