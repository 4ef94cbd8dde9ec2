import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { absenceEndpoint } from './absence.ts';
import { dayEndpoints } from './day.ts';
import { listRepsEndpoint } from './list.ts';
import { offboardEndpoints } from './offboard.ts';
import { putRepsEndpoint } from './put.ts';

/** Everything under /v1/reps. */
export function repEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  listRepsEndpoint(app, deps);
  putRepsEndpoint(app, deps);
  absenceEndpoint(app, deps);
  dayEndpoints(app, deps);
  offboardEndpoints(app, deps);
}
