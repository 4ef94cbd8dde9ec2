import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { snoozeTask } from '../../db/task-answers.ts';
import { instantFrom } from '../../db/task-create.ts';
import type { ApiDeps } from '../deps.ts';
import { commitTask, taskRoute } from './acting.ts';
import { when } from './schema.ts';

const route = taskRoute(
  'snooze',
  'Not now',
  'Until then it is on nobody’s list and nobody is reminded of it; then the owner is. When it is due stays as it is.',
  z.strictObject({ until: when }),
);

/** POST /v1/tasks/{id}/snooze. */
export function snoozeTaskEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const act = async (tx: Parameters<typeof snoozeTask>[0]) => {
      await snoozeTask(tx, id, await instantFrom(tx, c.req.valid('json').until));
      return [];
    };
    return c.json(await commitTask(deps, id, act), 200);
  });
}
