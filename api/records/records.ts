import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { recordBatchEndpoint } from './batch.ts';
import { listRecordsEndpoint } from './list.ts';
import { readRecordEndpoint } from './one.ts';
import { putRecordEndpoint } from './put.ts';
import { upsertRecordEndpoint } from './upsert.ts';

/** Everything under /v1/records. */
export function recordEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  putRecordEndpoint(app, deps);
  upsertRecordEndpoint(app, deps);
  readRecordEndpoint(app, deps);
  listRecordsEndpoint(app, deps);
  recordBatchEndpoint(app, deps);
}
