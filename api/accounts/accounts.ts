import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { listAccountsEndpoint } from './list.ts';
import { readAccountEndpoint } from './one.ts';
import { upsertAccountEndpoints } from './upsert.ts';
import { setAccountOwnerEndpoint } from './owner.ts';

/** What there is to read of companies, and who has them. */
export function accountEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  listAccountsEndpoint(app, deps);
  readAccountEndpoint(app, deps);
  upsertAccountEndpoints(app, deps);
  setAccountOwnerEndpoint(app, deps);
}
