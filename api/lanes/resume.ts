import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { resumeLane } from '../../db/lanes.ts';
import { sendClasses } from '../../domain/delivery/mail.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/lanes/{key}/resume',
  tags: ['Mail'],
  summary: 'Let a lane go on that had stopped or was held',
  description: 'A lane stops when the mail server refuses our credentials. Nothing is lost meanwhile; mend them, then resume.',
  request: { params: z.object({ key: z.enum(sendClasses).openapi({ example: 'marketing' }) }) },
  responses: {
    204: { description: 'It goes on' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** POST /v1/lanes/{key}/resume. */
export function resumeLaneEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    if (!(await resumeLane(pool, key))) throw new TendrilError('not_found', 'There is no such lane');
    poke({ kind: 'delivery', lane: key });
    return c.body(null, 204);
  });
}
