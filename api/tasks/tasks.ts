import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { cancelEndpoint } from './cancel.ts';
import { createTaskEndpoint } from './create.ts';
import { doneEndpoint } from './done.ts';
import { getTaskEndpoint } from './get.ts';
import { listTasksEndpoint } from './list.ts';
import { moveTaskEndpoint } from './move.ts';
import { reassignTaskEndpoint } from './reassign.ts';
import { snoozeTaskEndpoint } from './snooze.ts';

/** Everything under /v1/tasks. */
export function taskEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  listTasksEndpoint(app, deps);
  createTaskEndpoint(app, deps);
  getTaskEndpoint(app, deps);
  doneEndpoint(app, deps);
  cancelEndpoint(app, deps);
  reassignTaskEndpoint(app, deps);
  snoozeTaskEndpoint(app, deps);
  moveTaskEndpoint(app, deps);
}
