import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { storeClick } from '../../../db/clicks.ts';
import { inTransaction } from '../../../db/pool.ts';
import { wokenLoops } from '../../../db/woken-loops.ts';
import { verifyLink } from '../../../messaging/links.ts';
import type { ClickLink } from '../../../messaging/render.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';

const route = createRoute({
  method: 'get',
  path: '/c/{token}',
  tags: ['Links in mails'],
  summary: 'A link in a mail: notes the click and leads on',
  description: 'Leads only where the author of the mail wrote. HEAD leads on too and counts nothing.',
  request: { params: z.object({ token: z.string().max(4_000) }) },
  responses: { 302: { description: 'Where the link leads' }, ...problemResponses('not_found', 'link_expired', 'invalid') },
});

/** GET /c/{token}. */
export function clickEndpoint(app: OpenAPIHono, { pool, poke, config, log }: Pick<ApiDeps, 'pool' | 'poke' | 'config' | 'log'>): void {
  app.openapi(route, async (c) => {
    const { s: sendId, l: link, u: url } = verifyLink<ClickLink>(config.TENDRIL_SECRET!, 'click', c.req.valid('param').token, new Date(0));
    if (c.req.method === 'GET' && !isPrefetch(c.req.header('purpose') ?? c.req.header('sec-purpose'))) {
      // Whoever clicks is led on, whatever becomes of our counting.
      await note({ sendId, link, url }).catch((error: Error) => log.error({ err: error, send: sendId }, 'a click was not stored'));
    }
    return c.redirect(url, 302);
  });

  async function note(click: Parameters<typeof storeClick>[1]): Promise<void> {
    const loops = await inTransaction(pool, async (tx) => {
      const stored = await storeClick(tx, click);
      return stored ? wokenLoops(tx, stored.woken, stored.slots) : [];
    });
    loops.forEach(poke);
  }
}

function isPrefetch(purpose: string | undefined): boolean {
  return purpose?.includes('prefetch') ?? false;
}
