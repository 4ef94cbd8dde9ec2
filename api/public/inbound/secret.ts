import type { Context } from 'hono';
import type { Config } from '../../../runtime/config.ts';
import { isSameSecret } from '../../same-secret.ts';

export const PATH = '/hooks/sendgrid/inbound';

/** Whether a request proves by INBOUND_SECRET that it is SendGrid's: Inbound Parse signs nothing. In the path, or as the password of Basic authentication. */
export function knowsSecret(c: Context, { INBOUND_SECRET: secret }: Pick<Config, 'INBOUND_SECRET'>): boolean {
  if (!secret) return false;
  return [pathSecret(c.req.path), password(c.req.header('authorization'))].some((given) => given !== null && isSameSecret(given, secret));
}

/** A mail has attachments: who knows the secret may post more than others may. */
export function inboundLimit(config: Pick<Config, 'INBOUND_SECRET' | 'INBOUND_LIMIT'>): (c: Context) => number | null {
  return (c) => (knowsSecret(c, config) ? config.INBOUND_LIMIT : null);
}

function pathSecret(path: string): string | null {
  return path.startsWith(`${PATH}/`) ? path.slice(PATH.length + 1) : null;
}

function password(header: string | undefined): string | null {
  const [, basic] = /^Basic ([\w+/=-]+)$/i.exec(header ?? '') ?? [];
  if (!basic) return null;
  const decoded = Buffer.from(basic, 'base64').toString();
  return decoded.slice(decoded.indexOf(':') + 1);
}
