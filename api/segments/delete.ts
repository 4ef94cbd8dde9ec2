import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { deleteSegment, segmentUses } from '../../db/segments.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { segmentParam } from './schema.ts';

const route = createRoute({
  ...secured('write'),
  method: 'delete',
  path: '/v1/segments/{key}',
  tags: ['Segments'],
  summary: 'Remove a segment that nothing names',
  request: { params: segmentParam },
  responses: {
    204: { description: 'Gone' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** DELETE /v1/segments/{key}. */
export function deleteSegmentEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    await inTransaction(pool, async (tx) => {
      const { campaigns, segments, rules } = await segmentUses(tx, key);
      const users = [
        ...campaigns.map((one) => `campaign ${one}`),
        ...segments.map((one) => `segment ${one}`),
        ...rules.map((one) => `routing rule ${one}`),
      ];
      if (users.length > 0) throw new TendrilError('conflict', `The segment '${key}' is still named by ${users.join(', ')}`);
      if (!(await deleteSegment(tx, key))) throw new TendrilError('not_found', `There is no segment '${key}'`);
    });
    return c.body(null, 204);
  });
}
