import type { Context } from 'hono';
import { TendrilError } from '../../../domain/errors.ts';
import { isSigned, type SigningProvider } from './signatures.ts';
import type { Provider } from '../../../domain/intake/types.ts';
import type { Config } from '../../../runtime/config.ts';

/**
 * Holds a payload to its sender's signature, where the sender's secret is configured. Answers whether it was checked; throws
 * `bad_signature` where it does not hold.
 */
export async function verifySender(c: Context, provider: Provider, body: Uint8Array, config: Config): Promise<boolean> {
  const secrets: Partial<Record<Provider, string | undefined>> = {
    typeform: config.TYPEFORM_SECRET,
    tally: config.TALLY_SECRET,
    webflow: config.WEBFLOW_SECRET,
    netlify: config.NETLIFY_SECRET,
    hubspot: config.HUBSPOT_SECRET,
  };
  const secret = secrets[provider];
  if (!secret) return false;
  const { pathname, search } = new URL(c.req.url);
  const request = {
    method: c.req.method,
    url: `${config.publicUrl}${pathname}${search}`,
    header: (name: string) => c.req.header(name),
    body,
    now: new Date(),
  };
  if (await isSigned(provider as SigningProvider, secret, request)) return true;
  throw new TendrilError('bad_signature', `This looks like ${provider}'s, but is not signed with the secret that is configured for it`);
}
