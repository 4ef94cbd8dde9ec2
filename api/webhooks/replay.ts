import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { replay } from '../../db/webhook-messages.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { endpointParam } from './schema.ts';

const body = z
  .union([
    z.strictObject({ since: z.iso.datetime({ offset: true }).openapi({ description: 'Everything since then, real time' }) }),
    z.strictObject({ messageIds: z.array(z.string().max(60)).min(1).max(1_000) }),
    z.strictObject({ state: z.literal('dead').openapi({ description: 'What was given up' }) }),
  ])
  .openapi('WebhookReplay');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/webhooks/{id}/replay',
  tags: ['Webhooks'],
  summary: 'Tell an endpoint once more',
  description:
    'Under the same ids, now and with all their attempts. `since` also tells what the endpoint never heard: while it was disabled, or before it was there; that is made ' +
    'anew and follows within seconds, so it is not counted in the answer.',
  request: { params: endpointParam, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    202: {
      description: 'How many messages are sent again',
      content: { 'application/json': { schema: z.object({ queued: z.int() }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/webhooks/{id}/replay. */
export function replayWebhookEndpoint(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(route, async (c) => {
    const given = c.req.valid('json');
    const again = 'since' in given ? { since: new Date(given.since) } : given;
    const queued = await inTransaction(pool, (tx) => replay(tx, c.req.valid('param').id, again, config.WEBHOOK_DAYS));
    poke({ kind: 'feed' });
    poke({ kind: 'calls', lane: 'events' });
    return c.json({ queued }, 202);
  });
}
