import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { answerTask } from '../../db/task-answers.ts';
import type { ApiDeps } from '../deps.ts';
import { commitTask, taskRoute } from './acting.ts';
import { taskNote } from './schema.ts';

const route = taskRoute(
  'done',
  'It is done: what came of it',
  'The outcome is one of the task’s own, `done` where none is named. It happens once; the campaign that waits for it goes on at once, and it is an event of the lead’s, `task_done`.',
  z.strictObject({ outcome: z.string().max(40).optional(), note: taskNote }),
);

/** POST /v1/tasks/{id}/done. */
export function doneEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await commitTask(deps, id, (tx) => answerTask(tx, id, c.req.valid('json'))), 200);
  });
}
