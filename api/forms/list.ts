import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { documentsOf } from '../../db/documents.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { formView } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/forms',
  tags: ['Forms'],
  summary: 'The forms there are, each in the version in force',
  responses: {
    200: { description: 'Every form, by key', content: { 'application/json': { schema: z.object({ items: z.array(formView) }) } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/forms. */
export function listFormsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const forms = await documentsOf(pool, 'form');
    return c.json({ items: forms.map(({ key, version, body }) => ({ key, version, document: body as Record<string, unknown> })) }, 200);
  });
}
