import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { readClock } from '../../../db/clock.ts';
import { mailWorkspace } from '../../../db/mails.ts';
import { inTransaction } from '../../../db/pool.ts';
import { type Preferences, type PreferenceWish, readPreferences, savePreferences } from '../../../db/preferences.ts';
import { wokenLoops } from '../../../db/woken-loops.ts';
import { plus } from '../../../domain/calendar/duration.ts';
import type { ApiDeps } from '../../deps.ts';
import { linkRoutes, postedForm } from '../letter.ts';
import { readerOf, senderProof } from '../reader.ts';
import { gonePage, unknownPage } from '../unsubscribe/page.ts';
import { PAUSES, preferencesPage } from './page.ts';

const { showRoute, actRoute } = linkRoutes('/p/{token}', {
  shows: 'The preference centre: shows what somebody receives, and changes nothing',
  acts: 'Saves what somebody wants to receive, at once and everywhere; a second time changes nothing',
  form: "The page's form: topics, a pause, tracking, language. A POST that does not say `save` changes nothing.",
});

/** GET and POST /p/{token}. */
export function preferenceEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(showRoute, async (c) => {
    const link = readerOf(config, c.req.valid('param').token);
    return link ? shown(c, link.l, false) : unknownPage(c);
  });

  app.openapi(actRoute, async (c) => {
    const link = readerOf(config, c.req.valid('param').token);
    if (!link) return unknownPage(c);
    const field = await postedForm(c);
    if (field('save') === '') return shown(c, link.l, false);
    const { now } = await readClock(pool);
    const loops = await inTransaction(pool, async (tx) => {
      const before = await readPreferences(tx, link.l);
      if (!before) return [];
      const wish = wishOf(field, before, now);
      const done = await savePreferences(tx, link.l, wish, { sendId: link.s, proof: senderProof(c, config) });
      return done ? wokenLoops(tx, done.woken, done.slots) : [];
    });
    loops.forEach(poke);
    poke({ kind: 'delivery', lane: 'marketing' });
    return shown(c, link.l, true);
  });

  async function shown(c: Context, leadId: string, saved: boolean): Promise<Response> {
    const [{ name: firm, timezone: zone }, chosen] = await Promise.all([mailWorkspace(pool), readPreferences(pool, leadId)]);
    return chosen ? preferencesPage(c, chosen, { firm, zone, saved }) : gonePage(c);
  }
}

/** What the form says. A topic that was not on the page is not spoken of; neither is what the page did not ask. */
function wishOf(field: (name: string) => string, { topics, languages }: Preferences, now: Date): PreferenceWish {
  const asked = topics.filter(({ key }) => field(`shown.${key}`) !== '');
  const pause = field('pause');
  const days = PAUSES.find((one) => String(one) === pause);
  const language = languages.find((tag) => tag === field('language'));
  return {
    topics: new Map(asked.map(({ key }) => [key, field(`topic.${key}`) !== ''])),
    leave: field('leave') !== '',
    tracked: field('tracked') !== '',
    ...(days !== undefined && { pauseUntil: plus(now, `${days}d`) }),
    ...(pause === 'none' && { pauseUntil: null }),
    ...(language !== undefined && { language }),
  };
}
