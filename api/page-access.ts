import type { MiddlewareHandler } from 'hono';
import { TendrilError } from '../domain/errors.ts';
import type { Config } from '../runtime/config.ts';
import { credentialOf, mayDo } from './auth.ts';

/** Pages about the workspace are open on a person's own machine; in production the browser asks for the admin key as a password. */
export function requirePageAccess({ TENDRIL_ENV }: Pick<Config, 'TENDRIL_ENV'>): MiddlewareHandler {
  return async (c, next) => {
    if (TENDRIL_ENV === 'production') {
      const token = credentialOf(c);
      const key = token === null ? null : await c.get('findKey')(token);
      if (!key || !mayDo(key, 'admin')) {
        c.header('www-authenticate', 'Basic realm="Tendril: the admin key as the password", charset="UTF-8"');
        throw new TendrilError('unauthorized', 'This page needs the admin key as the password');
      }
      c.set('apiKey', key);
    }
    await next();
  };
}
