import { parseAllowed } from './guard.ts';
import type { WebhookSettings } from './post.ts';
import { parseSecrets, workspaceSecret } from './sign.ts';

/** What the sender of webhooks needs, from the settings. Throws, naming the entry, where one cannot be read. `secret` is TENDRIL_SECRET. */
export function webhookSettings(
  { TENDRIL_ENV, WEBHOOK_ALLOW, WEBHOOK_SECRETS }: { TENDRIL_ENV: string; WEBHOOK_ALLOW: string; WEBHOOK_SECRETS: string },
  secret: string,
): WebhookSettings {
  const own = parseSecrets(WEBHOOK_SECRETS);
  const usual = [workspaceSecret(secret)];
  return {
    allowed: parseAllowed(WEBHOOK_ALLOW),
    httpsOnly: TENDRIL_ENV === 'production',
    secretsOf: (host) => own.get(host.toLowerCase()) ?? usual,
  };
}
