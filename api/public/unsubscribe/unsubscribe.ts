import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { currentDocument } from '../../../db/documents.ts';
import { inTransaction } from '../../../db/pool.ts';
import { readUnsubscriber, unsubscribe } from '../../../db/suppressions.ts';
import { wokenLoops } from '../../../db/woken-loops.ts';
import { mailWorkspace } from '../../../db/mails.ts';
import { topics } from '../../../domain/consent/topics.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { verifyLink } from '../../../messaging/links.ts';
import type { UnsubscribeLink } from '../../../messaging/consent-links.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { pageResponse, postedForm } from '../letter.ts';
import { askPage, donePage, gonePage, type Leaving, unknownPage } from './page.ts';

const params = z.object({ token: z.string().max(2_000) });
const pages = {
  200: pageResponse('A page'),
  ...problemResponses('invalid'),
  404: pageResponse('A page that says the link is not one of ours'),
};

const showRoute = createRoute({
  method: 'get',
  path: '/u/{token}',
  tags: ['Links in mails'],
  summary: 'The unsubscribe page: shows, and changes nothing',
  request: { params },
  responses: pages,
});

const actRoute = createRoute({
  method: 'post',
  path: '/u/{token}',
  tags: ['Links in mails'],
  summary: 'Unsubscribes, at once and everywhere; a second time changes nothing',
  description: "The page's form, or a mailbox's own button (RFC 8058: `List-Unsubscribe=One-Click`), which leaves the topic of that mail.",
  request: { params },
  responses: pages,
});

/** GET and POST /u/{token}. */
export function unsubscribeEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(showRoute, async (c) => {
    const link = linkOf(c.req.valid('param').token);
    if (!link) return unknownPage(c);
    const leaving = await leavingOf(link);
    return leaving ? askPage(c, leaving) : gonePage(c);
  });

  app.openapi(actRoute, async (c) => {
    const link = linkOf(c.req.valid('param').token);
    if (!link) return unknownPage(c);
    const leaving = await leavingOf(link);
    const { what, source } = await wish(c, link);
    const request = { leadId: link.l, topic: what === 'topic' ? link.t : null, sendId: link.s, source };
    const loops = await inTransaction(pool, async (tx) => {
      const done = await unsubscribe(tx, request);
      return done && wokenLoops(tx, done.woken, done.slots);
    });
    loops?.forEach(poke);
    return leaving && loops ? donePage(c, leaving, request.topic === null ? null : leaving.topic) : gonePage(c);
  });

  /** What the link says; null when it is not one of ours. It never expires. */
  function linkOf(token: string): UnsubscribeLink | null {
    try {
      return verifyLink<UnsubscribeLink>(config.TENDRIL_SECRET!, 'unsubscribe', token, new Date(0));
    } catch (error) {
      if (error instanceof TendrilError) return null;
      throw error;
    }
  }

  async function leavingOf({ l: leadId, t: topic }: UnsubscribeLink): Promise<Leaving | null> {
    const lead = await readUnsubscriber(pool, leadId);
    if (!lead) return null;
    const [{ name: firm }, document] = await Promise.all([mailWorkspace(pool), currentDocument(pool, 'topics')]);
    const known = topics.parse(document?.body ?? {}).topics.find((one) => one.key === topic);
    return { firm, address: masked(lead.address), topic: topic === null ? null : (known?.name ?? topic) };
  }
}

/** A mailbox's one-click leaves the topic the mail was about; the page's form says what. */
async function wish(c: Context, link: UnsubscribeLink): Promise<{ what: 'topic' | 'all'; source: string }> {
  const what = (await postedForm(c))('what');
  if (what === '') return { what: link.t === null ? 'all' : 'topic', source: 'one-click' };
  return { what: what === 'topic' && link.t !== null ? 'topic' : 'all', source: 'page' };
}

/** Enough for its owner to recognise it, and not for anybody else. */
function masked(address: string | null): string {
  if (address === null) return 'you';
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}
