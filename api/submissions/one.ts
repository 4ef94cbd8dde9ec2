import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { getSubmission } from '../../db/submissions.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { shownSubmission, submissionParam, submissionSchema } from './schema.ts';

const wholeSchema = submissionSchema
  .extend({ raw: z.unknown().openapi({ description: 'The body as it came' }) })
  .openapi('WholeSubmission');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/submissions/{id}',
  tags: ['Submissions'],
  summary: 'One submission, with its body as it came',
  request: { params: submissionParam },
  responses: {
    200: { description: 'The submission', content: { 'application/json': { schema: wholeSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/submissions/{id}. */
export function getSubmissionEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { raw, ...submission } = await getSubmission(pool, c.req.valid('param').id);
    return c.json({ ...shownSubmission(submission), raw }, 200);
  });
}
