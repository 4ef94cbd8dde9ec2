import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readLink } from '../../../db/links.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { createLinkTokens, TRAP } from '../../../messaging/link-tokens.ts';
import { verifyLink } from '../../../messaging/links.ts';
import type { ClickLink } from '../../../messaging/render.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { pageResponse, saying } from '../letter.ts';
import { createNote } from './note.ts';
import { signsOf } from './signs.ts';

const route = createRoute({
  method: 'get',
  path: '/c/{token}',
  tags: ['Links in mails'],
  summary: 'A link in a mail: notes the click and leads on',
  description:
    'Leads only where the author of the mail wrote, at once. The click is provisional for a minute; what a scanner or a prefetcher did is told apart and counts nothing. HEAD leads on too.',
  request: { params: z.object({ token: z.string().max(4_000) }) },
  responses: {
    200: pageResponse('The link that only machines find: a page that says nothing'),
    302: { description: 'Where the link leads' },
    ...problemResponses('not_found', 'link_expired', 'invalid'),
  },
});

interface Followed {
  sendId: string;
  position: number | null;
  /** Null: the link that nobody sees. */
  link: { name: string; url: string } | null;
}

/** Links that an api remembers. */
const REMEMBERED = 10_000;

/** GET /c/{token}. */
export function clickEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config' | 'log'>): void {
  const { pool, config } = deps;
  const tokens = createLinkTokens(config.TENDRIL_SECRET!);
  const note = createNote(deps);
  const links = new Map<string, { name: string; url: string }>();

  app.openapi(route, async (c) => {
    const { sendId, position, link } = await read(c.req.valid('param').token);
    const { signs, userAgent } = signsOf(c);
    const from = { sendId, kind: 'click', position, source: 'mail', userAgent } as const;
    c.header('X-Robots-Tag', 'noindex, nofollow');
    if (!link) {
      await note({ ...from, link: 'trap', url: null, signs: [...signs, 'trap'] });
      return saying(c, 'Nothing to see here', 'This link is in the mail for programs that follow every link.');
    }
    await note({ ...from, link: link.name, url: link.url, signs });
    return c.redirect(asHeader(link.url), 302);
  });

  /** A short token, or one that carries its link itself: those of personal links, and of mails from before there were short ones. */
  async function read(token: string): Promise<Followed> {
    if (token.includes('.')) {
      const { s, l, u, p } = verifyLink<ClickLink>(config.TENDRIL_SECRET!, 'click', token, new Date(0));
      return { sendId: s, position: p ?? null, link: { name: l, url: u } };
    }
    const said = tokens.readClick(token);
    if (!said) throw unknownLink();
    const { sendId, position, code } = said;
    return { sendId, position, link: code === TRAP ? null : await linkOf(code) };
  }

  async function linkOf(code: string): Promise<{ name: string; url: string }> {
    const known = links.get(code);
    if (known) return known;
    const link = await readLink(pool, code);
    if (!link) throw unknownLink();
    if (links.size >= REMEMBERED) links.clear();
    links.set(code, link);
    return link;
  }
}

/** An address as a header takes it: what was filled in for a person may hold line ends, spaces, or half a character. */
function asHeader(url: string): string {
  if (/^[\x21-\x7e]+$/.test(url)) return url;
  if (!URL.canParse(url)) throw unknownLink();
  return new URL(url).href;
}

const unknownLink = (): TendrilError => new TendrilError('not_found', 'This link is not one of ours, or was cut off on its way');
