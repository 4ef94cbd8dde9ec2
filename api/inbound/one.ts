import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readInbound, readRaw } from '../../db/inbound/read.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { inboundWithText, shownInbound } from './schema.ts';
import { asItCame, rawResponse } from './raw.ts';

const tags = ['Mail that comes back'];
const request = { params: z.object({ id: z.uuid() }) };
const problems = problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid');

const oneRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/inbound/{id}',
  tags,
  request,
  summary: 'One mail that came in, with its text',
  responses: { 200: { description: 'The mail', content: { 'application/json': { schema: inboundWithText } } }, ...problems },
});

const rawRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/inbound/{id}/raw',
  tags,
  request,
  summary: 'The same as it came, attachments and all; answers and what waits for a person are kept so',
  responses: { 200: rawResponse, ...problems },
});

/** GET /v1/inbound/{id} and /v1/inbound/{id}/raw. */
export function readInboundEndpoints(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(oneRoute, async (c) => c.json(shownInbound(await readInbound(pool, c.req.valid('param').id)), 200));
  app.openapi(rawRoute, async (c) => asItCame(c, c.req.valid('param').id, await readRaw(pool, c.req.valid('param').id)));
}
