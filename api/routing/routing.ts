import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { listConflictsEndpoint } from './conflicts.ts';
import { explainRoutingEndpoint } from './explain.ts';
import { putRoutingEndpoint } from './put.ts';
import { readRoutingEndpoint } from './read.ts';
import { settleConflictEndpoint } from './settle.ts';
import { tryRoutingEndpoint } from './try.ts';

/** Everything under /v1/routing. */
export function routingEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  readRoutingEndpoint(app, deps);
  putRoutingEndpoint(app, deps);
  explainRoutingEndpoint(app, deps);
  tryRoutingEndpoint(app, deps);
  listConflictsEndpoint(app, deps);
  settleConflictEndpoint(app, deps);
}
