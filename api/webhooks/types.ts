import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { eventTypes } from '../../domain/webhooks/types.ts';
import { secured } from '../auth.ts';
import { problemResponses } from '../problem.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/webhooks/types',
  tags: ['Webhooks'],
  summary: 'What endpoints can be told',
  description: 'Besides `event.<name>` for every event of the workspace.',
  responses: {
    200: {
      description: 'Each type, what it means, and what its data has',
      content: {
        'application/json': {
          schema: z.object({ items: z.array(z.object({ type: z.string(), about: z.string(), data: z.array(z.string()) })) }),
        },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/webhooks/types. */
export function webhookTypesEndpoint(app: OpenAPIHono): void {
  const items = eventTypes.map(({ type, about, blocks }) => ({ type, about, data: [...blocks] }));
  app.openapi(route, (c) => c.json({ items }, 200));
}
