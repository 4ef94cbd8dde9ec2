import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The workspace's own signing secret, made from the key that signs links: nothing more to keep, and the same in every process. */
export function workspaceSecret(secret: string): string {
  return PREFIX + createHmac('sha256', secret).update('tendril webhook').digest('base64');
}

/** The secret of an endpoint, of this generation: made from TENDRIL_SECRET as the workspace's own, so it stands nowhere and can be shown once more by nobody. */
export function endpointSecret(secret: string, endpointId: string, generation: number): string {
  return PREFIX + createHmac('sha256', secret).update(`tendril webhook endpoint ${endpointId} ${generation}`).digest('base64');
}

/** Secrets by host, as WEBHOOK_SECRETS writes them: `crm.firm.example=whsec_new whsec_old, other.example=whsec_…`. Throws, naming the host, where one is none. */
export function parseSecrets(written: string): Map<string, string[]> {
  const entries = written.split(',').filter((entry) => entry.trim() !== '');
  return new Map(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      const host = entry.slice(0, at).trim().toLowerCase();
      const secrets = entry
        .slice(at + 1)
        .trim()
        .split(/\s+/);
      if (at < 1 || !secrets.every(isSecret)) throw new Error(`WEBHOOK_SECRETS: the entry of '${host}' is not host=whsec_…`);
      return [host, secrets];
    }),
  );
}

const isSecret = (given: string): boolean => given.startsWith(PREFIX) && Buffer.from(given.slice(PREFIX.length), 'base64').length >= 16;

/**
 * The headers of Standard Webhooks 1.0: id, timestamp (real time, seconds) and a signature by each secret, so that one can be exchanged for
 * another without a gap.
 */
export function signatureHeaders(secrets: readonly string[], id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
