import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readCursor } from '../../db/keyset.ts';
import { listSubmissions, submissionStates } from '../../db/submissions.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { shownSubmission, submissionSchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/submissions',
  tags: ['Submissions'],
  summary: 'Form submissions, newest first',
  request: { query: z.object({ state: z.enum(submissionStates).optional(), form: z.string().max(64).optional(), ...pageQuery }) },
  responses: {
    200: {
      description: 'One page',
      content: { 'application/json': { schema: z.object({ items: z.array(submissionSchema), nextCursor }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/submissions. */
export function listSubmissionsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { state, form, limit, cursor } = c.req.valid('query');
    const page = await listSubmissions(pool, { state, form }, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shownSubmission), nextCursor: page.nextCursor }, 200);
  });
}
