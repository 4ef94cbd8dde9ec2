import { parseAllowed } from './guard.ts';
import { createPostWebhook, type PostWebhook } from './post.ts';
import { parseSecrets, workspaceSecret } from './sign.ts';

export interface WebhookConfig {
  TENDRIL_ENV: string;
  WEBHOOK_MODE: 'send' | 'pretend';
  WEBHOOK_ALLOW: string;
  WEBHOOK_SECRETS: string;
}

/** The sender of webhooks that the settings ask for. Throws, naming the entry, where one cannot be read. `secret` is TENDRIL_SECRET. */
export function postWebhookOf({ TENDRIL_ENV, WEBHOOK_MODE, WEBHOOK_ALLOW, WEBHOOK_SECRETS }: WebhookConfig, secret: string): PostWebhook {
  if (WEBHOOK_MODE === 'pretend') return pretend;
  const own = parseSecrets(WEBHOOK_SECRETS);
  const usual = [workspaceSecret(secret)];
  return createPostWebhook({
    allowed: parseAllowed(WEBHOOK_ALLOW),
    httpsOnly: TENDRIL_ENV === 'production',
    secretsOf: (host) => own.get(host.toLowerCase()) ?? usual,
  });
}

/** Nobody is called; the campaign goes on as if they had answered, with nothing. */
const pretend: PostWebhook = async () => ({ as: 'done', status: null, excerpt: 'not sent: WEBHOOK_MODE=pretend', sets: {} });
