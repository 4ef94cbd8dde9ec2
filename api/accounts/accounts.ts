import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { listAccountsEndpoint } from './list.ts';
import { readAccountEndpoint } from './one.ts';

/** What there is to read of companies. */
export function accountEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  listAccountsEndpoint(app, deps);
  readAccountEndpoint(app, deps);
}
