import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { accept } from '../../../db/answers.ts';
import { cardsOf } from '../../../db/cards.ts';
import { readClock } from '../../../db/clock.ts';
import { inTransaction } from '../../../db/pool.ts';
import { reject, rejectionReasons } from '../../../db/rejections.ts';
import { repsById } from '../../../db/reps.ts';
import { tooLateFor } from '../../../db/answering.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { verifyLink } from '../../../messaging/links.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { answered, pageResponse, postedForm, type Refusals, saying } from '../letter.ts';
import { acceptPage, rejectPage } from './page.ts';

/** What an accept or reject link says (activities/qualification/mails.ts makes them): opportunity, epoch, rep. */
interface AnswerLink {
  o: string;
  e: number;
  r: string;
}

const params = z.object({ token: z.string() });
const pages = {
  200: pageResponse('A page'),
  ...problemResponses(),
  404: pageResponse('A page that says the link is not one of ours'),
  409: pageResponse('A page that says who has the lead, or why it cannot be answered any more'),
  410: pageResponse('A page that says the link has expired, or belongs to an earlier offer'),
  422: pageResponse('The page again, saying what is missing'),
};

const showRoute = createRoute({
  method: 'get',
  path: '/o/{token}',
  tags: ['Links in mails'],
  summary: "A rep's accept or reject link: shows the lead, and changes nothing",
  request: { params },
  responses: pages,
});

const actRoute = createRoute({
  method: 'post',
  path: '/o/{token}',
  tags: ['Links in mails'],
  summary: 'Accepts or rejects, once',
  description:
    "The page's form: nothing for an accept link; `reason`, `resumeOn` and `note` for a reject link. Works while Temporal is down.",
  request: { params },
  responses: pages,
});

/** GET and POST /o/{token}. */
export function offerEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(showRoute, async (c) =>
    answered(c, refusals, async () => {
      const { purpose, link, rep } = await read(c.req.valid('param').token);
      await tooLateFor(pool, link.o, rep, link.e);
      const card = (await cardsOf(pool, [link.o])).get(link.o)!;
      return purpose === 'accept' ? acceptPage(c, card) : rejectPage(c, card, await rejectionReasons(pool));
    }),
  );

  app.openapi(actRoute, async (c) =>
    answered(c, refusals, async () => {
      const { purpose, link, rep } = await read(c.req.valid('param').token);
      return purpose === 'accept' ? take(c, link, rep) : turnDown(c, link, rep);
    }),
  );

  type Rep = { id: string; key: string; name: string };

  async function take(c: Context, link: AnswerLink, rep: Rep): Promise<Response> {
    const loops = await inTransaction(pool, (tx) => accept(tx, link.o, { rep, epoch: link.e }));
    loops.forEach(poke);
    const card = (await cardsOf(pool, [link.o])).get(link.o)!;
    return saying(
      c,
      'It is yours',
      `You have accepted ${card.name}. Talk to them soon, and say so when you have: until then the clock runs.`,
    );
  }

  async function turnDown(c: Context, link: AnswerLink, rep: Rep): Promise<Response> {
    const wish = await formOf(c);
    const reasons = await rejectionReasons(pool);
    const chosen = reasons[wish.reason];
    const resumeOn = wish.resumeOn === '' || chosen?.follows !== 'recycle' ? null : new Date(wish.resumeOn);
    const { now } = await readClock(pool);
    const wrong = {
      ...(!chosen && { reason: 'Please choose a reason.' }),
      ...(resumeOn && !(resumeOn > now) && { resumeOn: 'Please choose a day to come, or leave it empty.' }),
    };
    if (Object.keys(wrong).length > 0) {
      await tooLateFor(pool, link.o, rep, link.e);
      return rejectPage(c, (await cardsOf(pool, [link.o])).get(link.o)!, reasons, wrong);
    }
    const loops = await inTransaction(pool, (tx) =>
      reject(tx, link.o, { reason: wish.reason, resumeOn, note: wish.note || null }, { rep, epoch: link.e }),
    );
    loops.forEach(poke);
    return saying(c, 'Thank you', 'The lead is off your list, and we know why.');
  }

  /** What the link says, by whichever of the two purposes it was signed for, and the rep it was made for. */
  async function read(token: string): Promise<{ purpose: 'accept' | 'reject'; link: AnswerLink; rep: Rep }> {
    const { now } = await readClock(pool);
    for (const purpose of ['accept', 'reject'] as const) {
      try {
        const link = verifyLink<AnswerLink>(config.TENDRIL_SECRET!, purpose, token, now);
        const rep = (await repsById(pool, [link.r])).get(link.r);
        if (rep?.active) return { purpose, link, rep };
      } catch (error) {
        if (!(error instanceof TendrilError) || error.code !== 'not_found') throw error;
      }
    }
    throw new TendrilError('not_found', 'This link is not one of ours, or was cut off on its way');
  }
}

const refusals: Refusals = {
  link_expired: {
    status: 410,
    title: 'This link does nothing any more',
    words: (message) => `${message}. The newest mail about the lead has one that works.`,
  },
  invalid: { status: 422, title: 'That cannot be done', words: (message) => `${message}. Please open the link again.` },
};

async function formOf(c: Context): Promise<{ reason: string; resumeOn: string; note: string }> {
  const text = await postedForm(c);
  return { reason: text('reason'), resumeOn: /^\d{4}-\d\d-\d\d$/.test(text('resumeOn')) ? text('resumeOn') : '', note: text('note') };
}
