import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { listPoolsEndpoint } from './list.ts';
import { putPoolEndpoint } from './put.ts';

/** Everything under /v1/pools. */
export function poolEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  listPoolsEndpoint(app, deps);
  putPoolEndpoint(app, deps);
}
