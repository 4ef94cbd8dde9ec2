import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { confirmConsent } from '../../../db/confirmations.ts';
import { consentGround } from '../../../db/consents.ts';
import { readClock } from '../../../db/clock.ts';
import { mailWorkspace } from '../../../db/mails.ts';
import { inTransaction } from '../../../db/pool.ts';
import { readUnsubscriber } from '../../../db/suppressions.ts';
import { wokenLoops } from '../../../db/woken-loops.ts';
import type { ConfirmLink } from '../../../domain/consent/confirmation.ts';
import { topicOf } from '../../../domain/consent/topics.ts';
import type { UnsubscribeLink } from '../../../messaging/consent-links.ts';
import { signLink, verifyLink } from '../../../messaging/links.ts';
import type { ApiDeps } from '../../deps.ts';
import { answered, linkRoutes, pageResponse, postedForm, type Refusals } from '../letter.ts';
import { masked, senderProof } from '../reader.ts';
import { gonePage } from '../unsubscribe/page.ts';
import { type Asking, askPage, confirmedPage, takenBackPage } from './page.ts';

const { showRoute, actRoute } = linkRoutes('/confirm/{token}', {
  shows: 'The second half of a double opt-in: shows what is asked for, and changes nothing',
  acts: 'Confirms, with address, browser and time as its proof; a second time changes nothing',
  form: "The page's button. A POST that does not say `confirm` changes nothing.",
  pages: {
    409: pageResponse('A page that says it was taken back since'),
    410: pageResponse('A page that says the link has expired'),
  },
});

const refusals: Refusals = {
  link_expired: {
    status: 410,
    title: 'This link has expired',
    words: () => 'Please ask for it once more on our website; we send you a new one.',
  },
};

/** GET and POST /confirm/{token}. */
export function confirmEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(showRoute, async (c) => answered(c, refusals, async () => ask(c, await linkOf(c.req.valid('param').token))));

  app.openapi(actRoute, async (c) =>
    answered(c, refusals, async () => {
      const link = await linkOf(c.req.valid('param').token);
      return (await postedForm(c))('confirm') === '' ? ask(c, link) : confirm(c, link);
    }),
  );

  async function ask(c: Context, link: ConfirmLink): Promise<Response> {
    const asking = await askingOf(link);
    return asking ? askPage(c, asking) : gonePage(c);
  }

  async function confirm(c: Context, { l: leadId, t: topic, c: consentId }: ConfirmLink): Promise<Response> {
    const proof = senderProof(c, config);
    const done = await inTransaction(pool, async (tx) => {
      const confirmed = await confirmConsent(tx, { leadId, topic, consentId, proof });
      return confirmed && { ...confirmed, loops: await wokenLoops(tx, confirmed.woken, confirmed.slots) };
    });
    done?.loops.forEach(poke);
    const asking = done && (await askingOf({ l: leadId, t: topic, c: consentId }));
    if (!asking) return gonePage(c);
    const link: UnsubscribeLink = { l: leadId, t: topic, s: null };
    const preferencesUrl = `/p/${signLink(config.TENDRIL_SECRET!, 'unsubscribe', link)}`;
    return done.outcome === 'withdrawn' ? takenBackPage(c, asking, preferencesUrl) : confirmedPage(c, asking, preferencesUrl);
  }

  async function linkOf(token: string): Promise<ConfirmLink> {
    const { now } = await readClock(pool);
    return verifyLink<ConfirmLink>(config.TENDRIL_SECRET!, 'confirm', token, now);
  }

  async function askingOf({ l: leadId, t: key }: ConfirmLink): Promise<Asking | null> {
    const lead = await readUnsubscriber(pool, leadId);
    if (!lead) return null;
    const [{ name: firm }, { document }] = await Promise.all([mailWorkspace(pool), consentGround(pool)]);
    const topic = topicOf(document, key);
    return { firm, address: masked(lead.address), topic: topic?.name ?? key, description: topic?.description ?? null };
  }
}
