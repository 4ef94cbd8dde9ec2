import { createHash, createHmac } from 'node:crypto';
import { verify } from 'hono/jwt';
import type { Provider } from '../../../domain/intake/types.ts';
import { isSameSecret } from '../../same-secret.ts';

export interface SignedRequest {
  method: string;
  /** As the sender called it, scheme and host included. */
  url: string;
  header(name: string): string | undefined;
  /** The raw bytes: parsing and writing again changes them. */
  body: Uint8Array;
  /** Real time. */
  now: Date;
}

export type SigningProvider = Extract<Provider, 'typeform' | 'tally' | 'webflow' | 'netlify' | 'hubspot'>;

/** How old a Webflow request may be, ms. */
const TOLERANCE = 5 * 60_000;

/** Whether the request carries this sender's signature under the secret. Every comparison takes the same time whatever it finds. */
export async function isSigned(provider: SigningProvider, secret: string, request: SignedRequest): Promise<boolean> {
  return checks[provider](secret, request);
}

const checks: Record<SigningProvider, (secret: string, request: SignedRequest) => boolean | Promise<boolean>> = {
  typeform: (secret, { header, body }) => same(header('typeform-signature'), `sha256=${hmac(secret, 'base64', body)}`),
  tally: (secret, { header, body }) => same(header('tally-signature'), hmac(secret, 'base64', body)),
  webflow(secret, { header, body, now }) {
    const at = header('x-webflow-timestamp') ?? '';
    const fresh = /^\d{10,14}$/.test(at) && Math.abs(now.getTime() - Number(at)) <= TOLERANCE;
    return same(header('x-webflow-signature'), hmac(secret, 'hex', `${at}:`, body)) && fresh;
  },
  async netlify(secret, { header, body }) {
    try {
      const claims = await verify(header('x-webhook-signature') ?? '', secret, 'HS256');
      return same(typeof claims['sha256'] === 'string' ? claims['sha256'] : undefined, sha256(body));
    } catch {
      return false;
    }
  },
  hubspot(secret, { header, method, url, body }) {
    const expected = header('x-hubspot-signature-version') === 'v1' ? sha256(secret, body) : sha256(secret, method, url, body);
    return same(header('x-hubspot-signature'), expected);
  },
};

function hmac(secret: string, as: 'base64' | 'hex', ...parts: (string | Uint8Array)[]): string {
  const made = createHmac('sha256', secret);
  for (const part of parts) made.update(part);
  return made.digest(as);
}

function sha256(...parts: (string | Uint8Array)[]): string {
  const made = createHash('sha256');
  for (const part of parts) made.update(part);
  return made.digest('hex');
}

const same = (given: string | undefined, expected: string): boolean => isSameSecret(given?.trim() ?? '', expected);
