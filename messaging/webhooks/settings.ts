import { parseChannels, withChannels } from './chat.ts';
import { parseAllowed } from './guard.ts';
import { createPostWebhook, type PostWebhook } from './post.ts';
import { parseSecrets, workspaceSecret } from './sign.ts';

export interface WebhookConfig {
  TENDRIL_ENV: string;
  WEBHOOK_MODE: 'send' | 'pretend';
  WEBHOOK_ALLOW: string;
  WEBHOOK_SECRETS: string;
  CHAT_WEBHOOKS: string;
}

/** The sender of webhooks that the settings ask for. Throws, naming the entry, where one cannot be read. `secret` is TENDRIL_SECRET. */
export function postWebhookOf(
  { TENDRIL_ENV, WEBHOOK_MODE, WEBHOOK_ALLOW, WEBHOOK_SECRETS, CHAT_WEBHOOKS }: WebhookConfig,
  secret: string,
): PostWebhook {
  if (WEBHOOK_MODE === 'pretend') return pretend;
  const own = parseSecrets(WEBHOOK_SECRETS);
  const usual = [workspaceSecret(secret)];
  const post = createPostWebhook({
    allowed: parseAllowed(WEBHOOK_ALLOW),
    httpsOnly: TENDRIL_ENV === 'production',
    secretsOf: (host) => own.get(host.toLowerCase()) ?? usual,
  });
  return withChannels(post, parseChannels(CHAT_WEBHOOKS));
}

/** Nobody is called; the campaign goes on as if they had answered, with nothing. */
const pretend: PostWebhook = async () => ({ as: 'done', status: null, excerpt: 'not sent: WEBHOOK_MODE=pretend', sets: {} });
