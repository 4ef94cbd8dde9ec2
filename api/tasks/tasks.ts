import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { cancelEndpoint } from './cancel.ts';
import { doneEndpoint } from './done.ts';
import { getTaskEndpoint } from './get.ts';
import { listTasksEndpoint } from './list.ts';
import { reassignTaskEndpoint } from './reassign.ts';

/** Everything under /v1/tasks. */
export function taskEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  listTasksEndpoint(app, deps);
  getTaskEndpoint(app, deps);
  doneEndpoint(app, deps);
  cancelEndpoint(app, deps);
  reassignTaskEndpoint(app, deps);
}
