import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { workspaceDocuments } from '../../db/workspace-documents.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { documentSchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/workspace/documents',
  tags: ['Workspace'],
  summary: 'Everything the workspace is made of',
  description:
    'Its documents in the version in force, the newest version of every campaign that is not archived, its reps and pools, and the keys of the emails it has.',
  responses: {
    200: {
      description: 'All documents, by kind and key',
      content: { 'application/json': { schema: z.object({ items: z.array(documentSchema), templates: z.array(z.string()) }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/workspace/documents. */
export function readDocumentsEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    await templates.refresh(pool);
    return c.json({ items: await workspaceDocuments(pool), templates: templates.keys() }, 200);
  });
}
