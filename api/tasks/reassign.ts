import { deliveryOf } from '../../domain/loops.ts';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { queueSends } from '../../db/sends.ts';
import { reassignTask } from '../../db/task-answers.ts';
import { taskCards } from '../../db/task-cards.ts';
import { taskMail } from '../../messaging/task-mail.ts';
import type { ApiDeps } from '../deps.ts';
import { requireRep } from '../opportunities/answering.ts';
import { repKey } from '../opportunities/schema.ts';
import { commitTask, taskRoute } from './acting.ts';

const route = taskRoute(
  'reassign',
  'Give it to somebody else',
  'They get the mail; links of earlier mails are worth nothing from here on. When it is due stays as it is.',
  z.strictObject({ rep: repKey }),
);

/** POST /v1/tasks/{id}/reassign. */
export function reassignTaskEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  const { publicUrl, TENDRIL_SECRET: secret } = deps.config;
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const shown = await commitTask(deps, id, async (tx) => {
      await reassignTask(tx, id, await requireRep(tx, c.req.valid('json').rep));
      const cards = await taskCards(tx, [id]);
      const lanes = await queueSends(
        tx,
        cards.map((card) => taskMail({ publicUrl, secret: secret! }, card, 'reassigned')),
      );
      return deliveryOf(lanes);
    });
    return c.json(shown, 200);
  });
}
