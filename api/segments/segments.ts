import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { deleteSegmentEndpoint } from './delete.ts';
import { getSegmentEndpoint } from './get.ts';
import { listSegmentsEndpoint } from './list.ts';
import { previewSegmentEndpoint } from './preview.ts';
import { putSegmentEndpoint } from './put.ts';

/** Everything under /v1/segments. */
export function segmentEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'templates'>): void {
  listSegmentsEndpoint(app, deps);
  previewSegmentEndpoint(app, deps);
  getSegmentEndpoint(app, deps);
  putSegmentEndpoint(app, deps);
  deleteSegmentEndpoint(app, deps);
}
