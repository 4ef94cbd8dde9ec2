import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { moveTask } from '../../db/task-answers.ts';
import { instantFrom } from '../../db/task-create.ts';
import type { ApiDeps } from '../deps.ts';
import { commitTask, taskRoute } from './acting.ts';
import { remindBefore, when } from './schema.ts';

const route = taskRoute(
  'move',
  'It is to be done by another time',
  'The reminder moves with it; `remindBefore` changes it, and null takes it away.',
  z.strictObject({ due: when, remindBefore: remindBefore.optional() }),
);

/** POST /v1/tasks/{id}/move. */
export function moveTaskEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { due, remindBefore: before } = c.req.valid('json');
    const act = async (tx: Parameters<typeof moveTask>[0]) => {
      await moveTask(tx, id, await instantFrom(tx, due), before);
      return [];
    };
    return c.json(await commitTask(deps, id, act), 200);
  });
}
