import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { changeWebhookEndpoint } from './change.ts';
import { createWebhookEndpoint } from './create.ts';
import { deleteWebhookEndpoint } from './delete.ts';
import { listWebhooksEndpoint } from './list.ts';
import { webhookMessagesEndpoint } from './messages.ts';
import { readWebhookEndpoint } from './one.ts';
import { replayWebhookEndpoint } from './replay.ts';
import { rotateWebhookSecretEndpoint } from './rotate.ts';
import { webhookSecretEndpoint } from './secret.ts';
import { testWebhookEndpoint } from './test.ts';
import { webhookTypesEndpoint } from './types.ts';

/** Everything under /v1/webhooks. What is named comes before what has an id. */
export function webhookEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  webhookSecretEndpoint(app, deps);
  webhookTypesEndpoint(app);
  createWebhookEndpoint(app, deps);
  listWebhooksEndpoint(app, deps);
  readWebhookEndpoint(app, deps);
  changeWebhookEndpoint(app, deps);
  deleteWebhookEndpoint(app, deps);
  rotateWebhookSecretEndpoint(app, deps);
  webhookMessagesEndpoint(app, deps);
  replayWebhookEndpoint(app, deps);
  testWebhookEndpoint(app, deps);
}
