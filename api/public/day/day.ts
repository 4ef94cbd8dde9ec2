import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { plus } from '../../../domain/calendar/duration.ts';
import { readClock } from '../../../db/clock.ts';
import { wantDayMail } from '../../../db/day/mail.ts';
import { readDays } from '../../../db/day/read.ts';
import { inTransaction } from '../../../db/pool.ts';
import { loadSla } from '../../../db/sla.ts';
import { answerTask, snoozeTask } from '../../../db/task-answers.ts';
import { nextOpen } from '../../../domain/calendar/hours.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { boundsOfDay } from '../../../domain/tasks/day.ts';
import type { DayLink } from '../../../messaging/day-link.ts';
import { signLink, verifyLink } from '../../../messaging/links.ts';
import type { ApiDeps } from '../../deps.ts';
import { answered, linkRoutes, pageResponse, postedForm, type Refusals } from '../letter.ts';
import { dayPage, type Reader } from './page.ts';

const { showRoute, actRoute } = linkRoutes('/day/{token}', {
  shows: 'A rep’s day: shows it, and changes nothing',
  acts: 'One thing of the day is done, or put off',
  form: 'The page’s buttons: `task` with `outcome`, or with `snooze` until the next working morning; `mail` (`on`, `off`) for the morning’s mail. Goes back to the page.',
  pages: {
    409: pageResponse('A page that says the task is done, or not needed any more'),
    410: pageResponse('A page that says the link, or the task, is somebody else’s now'),
    422: pageResponse('A page that says what is missing'),
  },
  done: { 303: { description: 'Done: back to the page' } },
});

const LIMIT = 100;

/** GET and POST /day/{token}. */
export function dayLinkEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  const secret = config.TENDRIL_SECRET!;

  app.openapi(showRoute, async (c) =>
    answered(c, refusals, async () => {
      const rep = await readerOf(c.req.valid('param').token);
      const { now } = await readClock(pool);
      const bounds = boundsOfDay(now, rep.timezone);
      const [day] = await readDays(pool, [{ repId: rep.id, bounds }], LIMIT);
      const { document } = await loadSla(pool);
      const links = {
        task: (id: string) => `/task/${signLink(secret, 'task', { t: id, r: rep.id })}`,
        offer: (id: string, epoch: number) => `/o/${signLink(secret, 'accept', { o: id, e: epoch, r: rep.id }, plus(now, document.links))}`,
        opportunity: (id: string) => `/o/${signLink(secret, 'case', { o: id, r: rep.id }, plus(now, document.links))}`,
        draft: (id: string) => `/draft/${signLink(secret, 'draft', { d: id, r: rep.id })}`,
      };
      return dayPage(c, rep, bounds.date, day!, links);
    }),
  );

  app.openapi(actRoute, async (c) =>
    answered(c, refusals, async () => {
      const { token } = c.req.valid('param');
      const rep = await readerOf(token);
      const posted = await postedForm(c);
      const [task, outcome, mail] = [posted('task'), posted('outcome'), posted('mail')];
      if (mail === 'on' || mail === 'off') await inTransaction(pool, (tx) => wantDayMail(tx, rep.key, mail === 'on'));
      else await act(rep, task, outcome, posted('snooze') !== '');
      return c.redirect(`/day/${token}`, 303);
    }),
  );

  async function act(rep: Reader, task: string, outcome: string, snooze: boolean): Promise<void> {
    if (!z.uuid().safeParse(task).success || (!outcome && !snooze))
      throw new TendrilError('invalid', 'Nothing was chosen', [{ path: 'task', reason: 'is missing' }]);
    if (!snooze) {
      const loops = await inTransaction(pool, (tx) => answerTask(tx, task, { outcome, repId: rep.id }));
      return loops.forEach(poke);
    }
    await inTransaction(pool, async (tx) => {
      const { now } = await readClock(tx);
      const { hours, zone, holidays } = (await loadSla(tx)).work(rep);
      const { to } = boundsOfDay(now, zone);
      await snoozeTask(tx, task, nextOpen(to, hours, zone, holidays), rep.id);
    });
  }

  /** Whose page it is, while they are with us and the epoch of their links stands. */
  async function readerOf(token: string): Promise<Reader> {
    const { now } = await readClock(pool);
    const link = verifyLink<DayLink>(secret, 'day', token, now);
    const { rows } = await pool.query<Reader & { active: boolean; linkEpoch: number }>(
      `select id, key, name, timezone, hours, active, link_epoch as "linkEpoch", day_look_at is not null as "dayMail" from rep where id = $1`,
      [link.r],
    );
    const rep = rows[0];
    if (!rep) throw new TendrilError('not_found', 'There is no such rep');
    if (!rep.active || rep.linkEpoch !== link.e) throw new TendrilError('link_expired', 'This link is worth nothing any more');
    return rep;
  }
}

const refusals: Refusals = {
  link_expired: {
    status: 410,
    title: 'This does nothing any more',
    words: (message) => `${message}. The newest mail has a link that works.`,
  },
  invalid: { status: 422, title: 'That cannot be done', words: (message) => `${message}. Please open the link again.` },
};
