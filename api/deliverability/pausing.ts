import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { pauseDomain, resumeDomain } from '../../db/spam-watch.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { domainParam } from './schema.ts';

const pauseRoute = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/deliverability/domains/{domain}/pause',
  tags: ['Mail'],
  summary: 'Pause the marketing that is sent from a domain',
  description: 'Confirmations still leave. What waits is not lost, and goes when the domain is resumed, unless its time has passed.',
  request: {
    params: domainParam,
    body: { content: { 'application/json': { schema: z.strictObject({ reason: z.string().trim().min(1).max(500) }) } }, required: true },
  },
  responses: {
    204: { description: 'It stands still' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

const resumeRoute = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/deliverability/domains/{domain}/resume',
  tags: ['Mail'],
  summary: 'Let the marketing of a domain go on',
  description: 'Complaints until now count no more: find out where they came from first.',
  request: { params: domainParam },
  responses: {
    204: { description: 'It goes on' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'invalid'),
  },
});

/** POST /v1/deliverability/domains/{domain}/pause and /resume. */
export function domainPausingEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(pauseRoute, async (c) => {
    const { domain } = c.req.valid('param');
    const { reason } = c.req.valid('json');
    if (!(await inTransaction(pool, (tx) => pauseDomain(tx, domain, reason))))
      throw new TendrilError('conflict', 'Marketing from this domain is paused already');
    return c.body(null, 204);
  });

  app.openapi(resumeRoute, async (c) => {
    const { domain } = c.req.valid('param');
    if (!(await inTransaction(pool, (tx) => resumeDomain(tx, domain))))
      throw new TendrilError('conflict', 'Marketing from this domain is not paused');
    poke({ kind: 'delivery', lane: 'marketing' });
    return c.body(null, 204);
  });
}
