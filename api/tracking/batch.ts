import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { batchSchema, readBatch } from '../../domain/tracking/schema.ts';
import { type ReceiveDeps, documentedBody, receive, responses } from './receive.ts';

const route = createRoute({
  security: [{ basic: [] }, { bearer: [] }],
  method: 'post',
  path: '/v1/batch',
  tags: ['Tracking'],
  summary: "Many of Segment's calls, stored together: all or none",
  description: "At most 500 kB, and 32 kB a call, plain or gzipped. Segment's libraries send this when their `host` is this server.",
  request: { body: documentedBody(batchSchema, ['batch']) },
  responses,
});

/** POST /v1/batch. */
export function batchEndpoint(app: OpenAPIHono, deps: ReceiveDeps): void {
  app.openapi(route, async (c) => c.json(await receive(c, deps, readBatch), 200));
}
