import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { discardSubmission } from '../../db/take-submission.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { shownSubmission, submissionParam, submissionSchema } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/submissions/{id}/discard',
  tags: ['Submissions'],
  summary: 'Put away a submission that is under review or quarantined',
  description: 'No lead comes of it. It stays to be read.',
  request: { params: submissionParam },
  responses: {
    200: { description: 'The submission as it is now', content: { 'application/json': { schema: submissionSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** POST /v1/submissions/{id}/discard. */
export function discardSubmissionEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(shownSubmission(await inTransaction(pool, (tx) => discardSubmission(tx, id))), 200);
  });
}
