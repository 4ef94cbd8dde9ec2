import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { requireScope } from '../auth.ts';
import { problemResponses } from '../problem.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['Operation'],
  summary: "The process's metrics, in Prometheus' text format",
  description: 'In production it needs a key with the scope `read`.',
  responses: {
    200: { description: 'The metrics', content: { 'text/plain': { schema: z.string() } } },
    ...problemResponses('unauthorized', 'forbidden'),
  },
});

/** GET /metrics. */
export function metricsEndpoint(app: OpenAPIHono, { metrics, config }: Pick<ApiDeps, 'metrics' | 'config'>): void {
  if (config.TENDRIL_ENV === 'production') app.use('/metrics', requireScope('read'));
  app.openapi(route, async (c) => c.text(await metrics.metrics(), 200, { 'content-type': metrics.contentType }));
}
