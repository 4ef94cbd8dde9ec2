import type { OpenAPIHono } from '@hono/zod-openapi';
import { readClock } from '../../../db/clock.ts';
import { inTransaction } from '../../../db/pool.ts';
import { answerTask, mustBeOwn } from '../../../db/task-answers.ts';
import { taskCards } from '../../../db/task-cards.ts';
import { TendrilError } from '../../../domain/errors.ts';
import type { TaskCard } from '../../../domain/tasks/card.ts';
import { outcomeWords } from '../../../domain/tasks/task.ts';
import { verifyLink } from '../../../messaging/links.ts';
import type { TaskLink } from '../../../messaging/task-mail.ts';
import type { ApiDeps } from '../../deps.ts';
import { answered, linkRoutes, pageResponse, postedForm, type Refusals } from '../letter.ts';
import { notedPage, taskPage } from './page.ts';

const { showRoute, actRoute } = linkRoutes('/task/{token}', {
  shows: 'The link of a task’s mail: shows the task, and changes nothing',
  acts: 'Says what came of it, once',
  form: 'The page’s form: `outcome` and `note`. Works while Temporal is down.',
  pages: {
    409: pageResponse('A page that says the task is done, or not needed any more'),
    410: pageResponse('A page that says somebody else has the task now'),
    422: pageResponse('The page again, saying what is missing'),
  },
});

/** GET and POST /task/{token}. */
export function taskLinkEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(showRoute, async (c) => answered(c, refusals, async () => taskPage(c, await read(c.req.valid('param').token))));

  app.openapi(actRoute, async (c) =>
    answered(c, refusals, async () => {
      const task = await read(c.req.valid('param').token);
      const posted = await postedForm(c);
      const [outcome, note] = [posted('outcome'), posted('note')];
      if (!task.outcomes.includes(outcome)) return taskPage(c, task, 'Please choose what came of it.');
      const loops = await inTransaction(pool, (tx) => answerTask(tx, task.id, { outcome, note: note || null, repId: task.owner.id }));
      loops.forEach(poke);
      return notedPage(c, task, outcome);
    }),
  );

  /** The open task a link is for, and that it is still theirs for whom it was made. */
  async function read(token: string): Promise<TaskCard> {
    const { now } = await readClock(pool);
    const link = verifyLink<TaskLink>(config.TENDRIL_SECRET!, 'task', token, now);
    const [task] = await taskCards(pool, [link.t]);
    if (!task) throw new TendrilError('not_found', 'There is no such task');
    if (task.state === 'done') throw new TendrilError('conflict', `It is done: ${outcomeWords(task.outcome!)}`);
    if (task.state === 'cancelled') throw new TendrilError('conflict', 'It is not needed any more');
    mustBeOwn(task, link.r);
    if (!task.owner.active) throw new TendrilError('not_found', 'There is no such task');
    return task;
  }
}

const refusals: Refusals = {
  link_expired: { status: 410, title: 'This is somebody else’s now', words: (message) => `${message}.` },
};
