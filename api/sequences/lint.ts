import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { secured } from '../auth.ts';
import { documentBody, readDocument } from '../campaigns/document-body.ts';
import { findingSchema } from '../campaigns/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { lintSequenceHere } from './linting.ts';

const route = createRoute({
  ...secured('read'),
  method: 'post',
  path: '/v1/sequences/lint',
  tags: ['Sequences'],
  summary: 'What is wrong with a sequence document',
  request: { body: documentBody },
  responses: {
    200: {
      description: 'Every finding; without an error it may be saved',
      content: { 'application/json': { schema: z.object({ ok: z.boolean(), findings: z.array(findingSchema) }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/sequences/lint. */
export function lintSequenceEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { sequence, findings } = await lintSequenceHere(pool, templates, await readDocument(c));
    return c.json({ ok: sequence !== null, findings }, 200);
  });
}
