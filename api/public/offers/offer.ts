import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { lockAnswered, mustBeTheirs, tooLateFor } from '../../../db/answering.ts';
import { accept, touch } from '../../../db/answers.ts';
import { type Card, cardsOf } from '../../../db/cards.ts';
import { readClock } from '../../../db/clock.ts';
import { inTransaction, type Queryable } from '../../../db/pool.ts';
import { reject, rejectionReasons } from '../../../db/rejections.ts';
import { loadSla } from '../../../db/sla.ts';
import { snooze, snoozeLimits } from '../../../db/snooze.ts';
import { readStanding } from '../../../db/standing.ts';
import { plus } from '../../../domain/calendar/duration.ts';
import { TendrilError } from '../../../domain/errors.ts';
import type { Loop } from '../../../domain/loops.ts';
import { partnerCard } from '../../../domain/routing/partner-card.ts';
import { touchAddress } from '../../../messaging/inbound/address.ts';
import { signLink } from '../../../messaging/links.ts';
import type { ApiDeps } from '../../deps.ts';
import { answered, linkRoutes, pageResponse, postedForm, type Refusals, saying } from '../letter.ts';
import { acceptPage, acceptedPage, casePage, rejectPage, type Wrong } from './page.ts';
import { dayIn, readRepLink, type RepLink } from './reading.ts';
import { storable } from '../../../domain/storable.ts';

const { showRoute, actRoute } = linkRoutes('/o/{token}', {
  shows: "A rep's link: shows the lead, and changes nothing",
  acts: 'Accepts, rejects, puts off, or says that they have talked',
  form: "The pages' forms. `act`: nothing for what the link is for; `talked`, `snooze` with `until` and `why`, or `reject` with `reason`, `resumeOn` and `note`. Works while Temporal is down.",
  pages: {
    409: pageResponse('A page that says who has the lead, or why it cannot be answered any more'),
    410: pageResponse('A page that says the link has expired, or belongs to an earlier offer'),
    422: pageResponse('The page again, saying what is missing'),
  },
});

type Text = Awaited<ReturnType<typeof postedForm>>;

/** GET and POST /o/{token}. */
export function offerEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  const secret = config.TENDRIL_SECRET!;

  app.openapi(showRoute, async (c) =>
    answered(c, refusals, async () => {
      const link = await readRepLink(pool, secret, c.req.valid('param').token);
      return show(c, link);
    }),
  );

  app.openapi(actRoute, async (c) =>
    answered(c, refusals, async () => {
      const link = await readRepLink(pool, secret, c.req.valid('param').token);
      const text = await postedForm(c);
      const act = text('act');
      if (act === 'snooze' && link.purpose !== 'reject') return putOff(c, link, text);
      if (link.purpose === 'reject' || (act === 'reject' && link.purpose === 'case')) return turnDown(c, link, text);
      return link.purpose === 'accept' ? take(c, link) : talked(c, link);
    }),
  );

  async function show(c: Context, link: RepLink, wrong?: Wrong): Promise<Response> {
    const { limits, now } = await mustStillHold(link);
    const card = await cardOf(link);
    const days = { from: now, latest: limits.latest };
    if (link.purpose === 'accept') return acceptPage(c, card, limits.left > 0 ? days : null, wrong);
    const reasons = await rejectionReasons(pool);
    if (link.purpose === 'reject') return rejectPage(c, card, reasons, now, wrong);
    return casePage(c, card, { reasons, snooze: limits.left > 0 ? days : null, now, bcc: bccOf(link) }, wrong);
  }

  /** That the link still answers something; and how far the lead may be put off. */
  async function mustStillHold({ o, rep, ...link }: RepLink) {
    const standing = await readStanding(pool, o);
    if (link.purpose !== 'case' || !standing) await tooLateFor(pool, o, rep, 'e' in link ? link.e : -1);
    else if (!['accepted', 'touched'].includes(standing.state)) throw new TendrilError('conflict', notTheirs(standing.state));
    else if (standing.ownerRepId !== rep.id) throw new TendrilError('conflict', 'This lead is with somebody else now');
    return { limits: snoozeLimits(await loadSla(pool), standing!), now: standing!.now };
  }

  async function take(c: Context, link: Exclude<RepLink, { purpose: 'case' }>): Promise<Response> {
    await commit((tx) => accept(tx, link.o, { rep: link.rep, epoch: link.e }));
    const { now } = await readClock(pool);
    const { document } = await loadSla(pool);
    const token = signLink(secret, 'case', { o: link.o, r: link.rep.id }, plus(now, document.links));
    return acceptedPage(c, await cardOf(link), `/o/${token}`, bccOf(link));
  }

  async function talked(c: Context, link: RepLink): Promise<Response> {
    await mustStillHold(link);
    await commit(async (tx) => {
      await mustBeTheirsStill(tx, link);
      return touch(tx, link.o, link.rep);
    });
    return saying(c, 'Good', `It is noted that you have talked to ${(await cardOf(link)).name}. We ask for the outcome later.`);
  }

  async function putOff(c: Context, link: RepLink, text: Text): Promise<Response> {
    const [until, why] = [dayIn(text('until')), storable(text('why'), 500)];
    if (!until) return show(c, link, { until: 'Please choose a day.' });
    if (!why) return show(c, link, { until: 'Please say why.' });
    try {
      await commit((tx) => snooze(tx, link.o, { until, reason: why }, { rep: link.rep, ...('e' in link && { epoch: link.e }) }));
    } catch (error) {
      if (error instanceof TendrilError && error.code === 'invalid') return show(c, link, { until: `${error.message}.` });
      throw error;
    }
    return saying(c, 'Put off', `${(await cardOf(link)).name} is yours, and comes back to you on ${until}. Nobody reminds you until then.`);
  }

  async function turnDown(c: Context, link: RepLink, text: Text): Promise<Response> {
    const [reason, note] = [text('reason'), text('note')];
    const chosen = Object.entries(await rejectionReasons(pool)).find(([key]) => key === reason)?.[1];
    if (!chosen) return show(c, link, { reason: 'Please choose a reason.' });
    const day = chosen.follows === 'recycle' ? dayIn(text('resumeOn')) : null;
    const resumeOn = day === null ? null : new Date(day);
    const { now } = await mustStillHold(link);
    if (resumeOn && !(resumeOn > now)) return show(c, link, { resumeOn: 'Please choose a day to come.' });
    if (!resumeOn && chosen.follows === 'recycle' && (chosen.askDate || !chosen.after))
      return show(c, link, { resumeOn: `‘${chosen.label}’: please say when we should come back.` });
    await commit(async (tx) => {
      if (link.purpose === 'case') await mustBeTheirsStill(tx, link);
      return reject(tx, link.o, { reason, resumeOn, note: note || null }, { rep: link.rep, ...('e' in link && { epoch: link.e }) });
    });
    return saying(c, 'Thank you', 'The lead is off your list, and we know why.');
  }

  /** A link to a lead that one has holds no epoch: under the lock, lest it was given to somebody else this very moment. */
  async function mustBeTheirsStill(tx: Queryable, { o, rep }: RepLink): Promise<void> {
    const standing = await lockAnswered(tx, o);
    if (standing) mustBeTheirs(standing, rep);
  }

  async function commit(act: (tx: Queryable) => Promise<Loop[]>): Promise<void> {
    (await inTransaction(pool, act)).forEach(poke);
  }

  async function cardOf({ o, rep }: RepLink): Promise<Card> {
    const card = (await cardsOf(pool, [o])).get(o)!;
    return rep.partner === null ? card : partnerCard(card);
  }
  const bccOf = ({ rep }: RepLink): string | null => (config.INBOUND_DOMAIN ? touchAddress(secret, rep.id, config.INBOUND_DOMAIN) : null);
}

const notTheirs = (state: string): string =>
  state === 'queued' || state === 'offered' ? 'This lead is not with you any more' : 'This opportunity is closed';

const refusals: Refusals = {
  link_expired: {
    status: 410,
    title: 'This link does nothing any more',
    words: (message) => `${message}. The newest mail about the lead has one that works.`,
  },
  invalid: { status: 422, title: 'That cannot be done', words: (message) => `${message}. Please open the link again.` },
};
