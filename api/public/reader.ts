import type { Context } from 'hono';
import { TendrilError } from '../../domain/errors.ts';
import type { UnsubscribeLink } from '../../messaging/consent-links.ts';
import { verifyLink } from '../../messaging/links.ts';
import type { ApiDeps } from '../deps.ts';
import { clientIp } from '../client-ip.ts';

/** Who opens a link in one of our mails: what it says, or null when it is not one of ours. It never expires. */
export function readerOf({ TENDRIL_SECRET: secret }: ApiDeps['config'], token: string): UnsubscribeLink | null {
  try {
    return verifyLink<UnsubscribeLink>(secret!, 'unsubscribe', token, new Date(0));
  } catch (error) {
    if (error instanceof TendrilError) return null;
    throw error;
  }
}

/** From where and by what a page was sent: the proof of what it said. */
export function senderProof(c: Context, { TRUSTED_PROXIES: proxies }: ApiDeps['config']): { ip: string; userAgent: string | null } {
  return { ip: clientIp(c, proxies), userAgent: c.req.header('user-agent')?.slice(0, 500) ?? null };
}

/** An address, enough for its owner to recognise it, and not for anybody else: `m•••@huadong.example`. */
export function masked(address: string | null): string {
  if (address === null) return 'you';
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}
