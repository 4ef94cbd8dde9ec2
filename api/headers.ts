import type { MiddlewareHandler } from 'hono';
import { randomUUID } from 'node:crypto';

declare module 'hono' {
  interface ContextVariableMap {
    /** Names the request in logs and problems. */
    requestId: string;
  }
}

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const pagePolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Gives each request an id and each response careful headers. An endpoint that sets one of them itself keeps its own. */
export function standardHeaders({ https }: { https: boolean }): MiddlewareHandler {
  const standing = Object.entries(https ? { ...always, 'strict-transport-security': 'max-age=31536000' } : always);
  return async (c, next) => {
    const requestId = randomUUID();
    c.set('requestId', requestId);
    await next();
    const { headers } = c.res;
    headers.set('x-request-id', requestId);
    for (const [name, value] of standing) if (!headers.has(name)) headers.set(name, value);
    if (!headers.has('content-security-policy')) {
      headers.set('content-security-policy', headers.get('content-type')?.startsWith('text/html') ? pagePolicy : dataPolicy);
    }
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  };
}
