import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { currentDocument } from '../../../db/documents.ts';
import { inTransaction } from '../../../db/pool.ts';
import { readUnsubscriber, unsubscribe } from '../../../db/suppressions.ts';
import { wokenLoops } from '../../../db/woken-loops.ts';
import { mailWorkspace } from '../../../db/mails.ts';
import { topics } from '../../../domain/consent/topics.ts';
import type { UnsubscribeLink } from '../../../messaging/consent-links.ts';
import type { ApiDeps } from '../../deps.ts';
import { linkRoutes, postedForm } from '../letter.ts';
import { masked, readerOf, senderProof } from '../reader.ts';
import { askPage, donePage, gonePage, type Leaving, unknownPage } from './page.ts';

const { showRoute, actRoute } = linkRoutes('/u/{token}', {
  shows: 'The unsubscribe page: shows, and changes nothing',
  acts: 'Unsubscribes, at once and everywhere; a second time changes nothing',
  form: "The page's form, or a mailbox's own button (RFC 8058: `List-Unsubscribe=One-Click`), which leaves the topic of that mail. A POST that says neither changes nothing.",
});

/** GET and POST /u/{token}. */
export function unsubscribeEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(showRoute, async (c) => {
    const link = readerOf(config, c.req.valid('param').token);
    if (!link) return unknownPage(c);
    const leaving = await leavingOf(link, c.req.valid('param').token);
    return leaving ? askPage(c, leaving) : gonePage(c);
  });

  app.openapi(actRoute, async (c) => {
    const link = readerOf(config, c.req.valid('param').token);
    if (!link) return unknownPage(c);
    const leaving = await leavingOf(link, c.req.valid('param').token);
    if (!leaving) return gonePage(c);
    const wish = await wishOf(c, link);
    if (!wish) return askPage(c, leaving);
    const topic = wish.what === 'topic' ? link.t : null;
    const request = { leadId: link.l, topic, sendId: link.s, source: wish.source, proof: senderProof(c, config) };
    const loops = await inTransaction(pool, async (tx) => {
      const done = await unsubscribe(tx, request);
      return done && wokenLoops(tx, done.woken, done.slots);
    });
    loops?.forEach(poke);
    return loops ? donePage(c, leaving, topic === null ? null : leaving.topic) : gonePage(c);
  });

  async function leavingOf({ l: leadId, t: topic }: UnsubscribeLink, token: string): Promise<Leaving | null> {
    const lead = await readUnsubscriber(pool, leadId);
    if (!lead) return null;
    const [{ name: firm }, document] = await Promise.all([mailWorkspace(pool), currentDocument(pool, 'topics')]);
    const known = topics.parse(document?.body ?? {}).topics.find((one) => one.key === topic);
    return { firm, address: masked(lead.address), topic: topic === null ? null : (known?.name ?? topic), preferencesUrl: `/p/${token}` };
  }
}

/**
 * A mailbox's one-click (RFC 8058) leaves the topic the mail was about; the page's form says what. Null where neither was sent: scanners post to every
 * address they find, and say nothing.
 */
async function wishOf(c: Context, link: UnsubscribeLink): Promise<{ what: 'topic' | 'all'; source: string } | null> {
  const field = await postedForm(c);
  const what = field('what');
  if (what !== '') return { what: what === 'topic' && link.t !== null ? 'topic' : 'all', source: 'page' };
  if (field('List-Unsubscribe').toLowerCase() !== 'one-click') return null;
  return { what: link.t === null ? 'all' : 'topic', source: 'one-click' };
}
