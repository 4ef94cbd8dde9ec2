import type { Context, MiddlewareHandler } from 'hono';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type ApiKey, type Scope, findKey, hashKey, touchKey } from '../db/api-keys.ts';
import { TendrilError } from '../domain/errors.ts';

export type FindKey = (token: string) => Promise<ApiKey | null>;

declare module 'hono' {
  interface ContextVariableMap {
    findKey: FindKey;
    /** The key of this request, once `requireScope` has let it pass. */
    apiKey: ApiKey;
  }
}

/** A revoked key may live on for this long in another process's memory, ms. */
const REMEMBER = 3_000;
const TOUCH_EVERY = 60_000;
const MOST_REMEMBERED = 1_000;

/** Finds keys in force by their hash, remembering them for a moment and noting now and then that they are used. */
export function createKeyFinder({ pool, log }: { pool: Pool; log: Logger }): { find: FindKey; forget(id: string): void } {
  const remembered = new Map<string, { key: ApiKey; until: number }>();
  const touched = new Map<string, number>();

  function noteUse(id: string): void {
    const now = Date.now();
    if (now - (touched.get(id) ?? 0) < TOUCH_EVERY) return;
    touched.set(id, now);
    touchKey(pool, id).catch((error: Error) => log.warn({ err: error, keyId: id }, 'use of a key was not noted'));
  }

  async function find(token: string): Promise<ApiKey | null> {
    if (!token.startsWith('tnd_') || token.length > 200) return null;
    const hash = hashKey(token);
    const name = hash.toString('base64');
    const known = remembered.get(name);
    const key = known && known.until > Date.now() ? known.key : await findKey(pool, hash);
    if (!key) {
      remembered.delete(name);
      return null;
    }
    if (key !== known?.key) {
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(name, { key, until: Date.now() + REMEMBER });
    }
    noteUse(key.id);
    return key;
  }

  function forget(id: string): void {
    for (const [name, { key }] of remembered) if (key.id === id) remembered.delete(name);
  }

  return { find, forget };
}

/** The key a request carries: a Bearer token, or the user name of Basic authentication as Segment's libraries send it. */
export function credentialOf(c: Context): string | null {
  const header = c.req.header('authorization') ?? '';
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const value = header.slice(space + 1).trim();
  if (scheme === 'bearer' && value !== '') return value;
  if (scheme === 'basic') {
    const [user = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 2);
    // A browser's own prompt has two boxes; either may hold the key.
    return user.startsWith('tnd_') ? user : password || user || null;
  }
  return null;
}

/** Whether a key may do what needs `scope`: admin may do everything but be a salesperson, write may also read. */
export function mayDo(key: ApiKey, scope: Scope): boolean {
  if (scope === 'own') return key.scopes.includes('own');
  return key.scopes.includes(scope) || key.scopes.includes('admin') || (scope === 'read' && key.scopes.includes('write'));
}

/** Throws unless the request's origin is one of the key's. A key without origins is a server's and knows none. */
function checkOrigin(key: ApiKey, origin: string | undefined): void {
  if (key.origins.length === 0) return;
  if (origin !== undefined && key.origins.some((allowed) => matchesOrigin(allowed, origin))) return;
  throw new TendrilError(
    'origin_not_allowed',
    `This key is for browsers on its list of origins; the request came from ${origin ? 'another' : 'none'}`,
  );
}

/** `https://*.example.com` stands for every subdomain; otherwise the two must be equal. */
export function matchesOrigin(allowed: string, origin: string): boolean {
  if (allowed === origin) return true;
  const [scheme, domain] = allowed.split('://*.');
  return domain !== undefined && origin.startsWith(`${scheme}://`) && origin.endsWith(`.${domain}`);
}

/** Throws `unauthorized` or `forbidden` unless the key is in force, may do this, and is used from where it may be. */
export async function authorise(c: Context, token: string | null, scope: Scope): Promise<ApiKey> {
  const key = token === null ? null : await c.get('findKey')(token);
  if (!key) {
    c.header('www-authenticate', 'Bearer realm="tendril"');
    throw new TendrilError(
      'unauthorized',
      token === null ? 'Send an API key: Authorization: Bearer tnd_…' : 'This API key is unknown or revoked',
    );
  }
  if (!mayDo(key, scope))
    throw new TendrilError('forbidden', `This needs a key with the scope '${scope}'; yours has: ${key.scopes.join(', ')}`);
  checkOrigin(key, c.req.header('origin'));
  return key;
}

/** Lets a request pass whose key has the scope; the key is then `c.get('apiKey')`. */
export function requireScope(scope: Scope): MiddlewareHandler {
  return async (c, next) => {
    c.set('apiKey', await authorise(c, credentialOf(c), scope));
    await next();
  };
}

/** What a route that needs a key says of itself: `createRoute({ ...secured('read'), method: 'get', … })`. Document 401 and 403 beside it. */
export function secured(scope: Scope): { security: Record<string, string[]>[]; middleware: MiddlewareHandler } {
  return { security: [{ bearer: [] }, { basic: [] }], middleware: requireScope(scope) };
}
