import type { Context } from 'hono';

/**
 * The caller's address. Behind `trustedProxies` proxies it is the entry of X-Forwarded-For that the outermost of them wrote;
 * whatever a caller puts before that is not believed. `unknown` where there is no socket (a request made in process).
 */
export function clientIp(c: Context, trustedProxies: number): string {
  const socket =
    (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return socket;
  const hops = (c.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return hops.at(-trustedProxies) ?? hops[0] ?? socket;
}
