import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiKey } from '../../db/api-keys.ts';
import { liveOrigins } from '../../db/api-keys.ts';
import { callTypes } from '../../domain/tracking/call.ts';
import { matchesOrigin } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';

const REMEMBER = 3_000;

/**
 * Lets browsers on the origins of the keys there are post calls, and read whether it worked. A preflight does not say which key
 * will come, so it is answered for every origin that some key lists; the call itself is held to its own key's.
 */
export function trackingCors(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  let known: { origins: string[]; until: number } = { origins: [], until: 0 };
  async function someKeyLists(origin: string): Promise<boolean> {
    if (known.until < Date.now()) known = { origins: await liveOrigins(pool), until: Date.now() + REMEMBER };
    return known.origins.some((allowed) => matchesOrigin(allowed, origin));
  }

  for (const path of [...callTypes, 'batch'].map((name) => `/v1/${name}`)) {
    app.options(path, async (c) => {
      const origin = c.req.header('origin');
      c.header('vary', 'origin');
      if (origin && (await someKeyLists(origin))) {
        c.header('access-control-allow-origin', origin);
        c.header('access-control-allow-methods', 'POST');
        c.header('access-control-allow-headers', 'authorization, content-type');
        c.header('access-control-max-age', '7200');
      }
      return c.body(null, 204);
    });
    app.use(path, async (c, next) => {
      await next();
      c.res.headers.append('vary', 'origin');
      const origin = c.req.header('origin');
      const key = c.get('apiKey') as ApiKey | undefined;
      if (origin && key?.origins.some((allowed) => matchesOrigin(allowed, origin)))
        c.res.headers.set('access-control-allow-origin', origin);
    });
  }
}
