import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { TendrilError } from '../../../domain/errors.ts';
import { createLinkTokens } from '../../../messaging/link-tokens.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { createNote } from './note.ts';
import { signsOf } from './signs.ts';

const route = createRoute({
  method: 'get',
  path: '/i/{picture}',
  tags: ['Links in mails'],
  summary: 'The picture in a mail that nobody sees: notes that it was loaded',
  description:
    'One transparent pixel, never cached. The open is provisional for a minute; what a mailbox provider loaded unseen is told apart and counts nothing.',
  request: {
    params: z.object({
      picture: z
        .string()
        .max(100)
        .openapi({ example: `${'A'.repeat(33)}.gif` }),
    }),
  },
  responses: {
    200: { description: 'A picture of one pixel', content: { 'image/gif': { schema: z.string().openapi({ format: 'binary' }) } } },
    ...problemResponses('not_found', 'invalid'),
  },
});

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** GET /i/{token}.gif. */
export function openEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config' | 'log'>): void {
  const tokens = createLinkTokens(deps.config.TENDRIL_SECRET!);
  const note = createNote(deps);

  app.openapi(route, async (c) => {
    const [, token] = /^([\w-]+)\.gif$/.exec(c.req.valid('param').picture) ?? [];
    const sendId = token === undefined ? null : tokens.readOpen(token);
    if (!sendId) throw new TendrilError('not_found', 'This picture is not one of ours');
    await note({ sendId, kind: 'open', link: null, url: null, source: 'mail', ...signsOf(c) });
    c.header('Cache-Control', 'no-store, private');
    // Webmail shows it on pages of its own.
    c.header('Cross-Origin-Resource-Policy', 'cross-origin');
    return c.body(PIXEL, 200, { 'Content-Type': 'image/gif' });
  });
}
