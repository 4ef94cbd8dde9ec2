import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { cancelTask } from '../../db/task-answers.ts';
import type { ApiDeps } from '../deps.ts';
import { commitTask, taskRoute } from './acting.ts';
import { taskNote } from './schema.ts';

const route = taskRoute(
  'cancel',
  'It is not needed any more',
  'Whoever waits for it in a campaign goes on without an outcome.',
  z.strictObject({ note: taskNote }),
);

/** POST /v1/tasks/{id}/cancel. */
export function cancelEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await commitTask(deps, id, (tx) => cancelTask(tx, id, c.req.valid('json').note ?? null)), 200);
  });
}
