import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { workspaceSecret } from '../../messaging/webhooks/sign.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const route = createRoute({
  ...secured('admin'),
  method: 'get',
  path: '/v1/webhooks/secret',
  tags: ['Webhooks'],
  summary: 'The secret that webhooks are signed with',
  description:
    'For receivers, to check `webhook-signature` as Standard Webhooks says. Hosts that have one of their own (WEBHOOK_SECRETS) get signatures by that instead.',
  responses: {
    200: {
      description: 'The secret',
      content: {
        'application/json': { schema: z.object({ secret: z.string().openapi({ example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }) }) },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed'),
  },
});

/** GET /v1/webhooks/secret. */
export function webhookSecretEndpoint(app: OpenAPIHono, { config }: Pick<ApiDeps, 'config'>): void {
  app.openapi(route, (c) => c.json({ secret: workspaceSecret(config.TENDRIL_SECRET!) }, 200));
}
