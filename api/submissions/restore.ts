import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { readmitSubmission } from '../../db/take-submission.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { shownSubmission, submissionParam, submissionSchema } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/submissions/{id}/restore',
  tags: ['Submissions'],
  summary: 'Take a submission out of quarantine',
  description: 'It is taken in as if it had just come; without a usable email or phone it goes under review.',
  request: { params: submissionParam },
  responses: {
    200: { description: 'The submission as it is now', content: { 'application/json': { schema: submissionSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/submissions/{id}/restore. */
export function restoreSubmissionEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { submission, loops } = await inTransaction(pool, (tx) => readmitSubmission(tx, id, 'junk'));
    loops.forEach(poke);
    return c.json(shownSubmission(submission), 200);
  });
}
