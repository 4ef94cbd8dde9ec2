import { createHmac, timingSafeEqual } from 'node:crypto';
import { TendrilError } from '../domain/errors.ts';

/** What a signed link is for. A token made for one purpose is worth nothing for another. */
export type LinkPurpose = 'click' | 'unsubscribe' | 'confirm' | 'accept' | 'reject' | 'case' | 'task' | 'draft' | 'day' | 'original';

/**
 * A token for a link in a mail: the payload, readable, and an HMAC-SHA256 over it and its purpose. `expiresAt` is workspace
 * time; without it the token holds for ever, as an unsubscribe link must.
 */
export function signLink(secret: string, purpose: LinkPurpose, payload: object, expiresAt: Date | null = null): string {
  const body = Buffer.from(JSON.stringify(expiresAt ? { p: payload, x: expiresAt.getTime() } : { p: payload })).toString('base64url');
  return `${body}.${mac(secret, purpose, body).toString('base64url')}`;
}

/**
 * The payload of a token. Throws `not_found` when it was not made by us for this purpose, `link_expired` when its time
 * (workspace time) has passed.
 */
export function verifyLink<T = Record<string, unknown>>(secret: string, purpose: LinkPurpose, token: string, now: Date): T {
  const [body, signature, ...rest] = token.split('.');
  if (!body || !signature || rest.length > 0) throw unknownLink();
  const given = Buffer.from(signature, 'base64url');
  const wanted = mac(secret, purpose, body);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw unknownLink();
  const { p, x } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { p: T; x?: number };
  if (x !== undefined && x <= now.getTime()) throw new TendrilError('link_expired', 'This link has expired');
  return p;
}

const SIGNATURE_BYTES = 18;

function mac(secret: string, purpose: LinkPurpose, body: string): Buffer {
  return createHmac('sha256', secret).update(`tendril ${purpose} ${body}`).digest().subarray(0, SIGNATURE_BYTES);
}

function unknownLink(): TendrilError {
  return new TendrilError('not_found', 'This link is not one of ours, or was cut off on its way');
}
