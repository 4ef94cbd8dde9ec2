import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { readClockEndpoint } from './read.ts';
import { setClockEndpoint } from './set.ts';

/** GET and POST /v1/clock. */
export function clockEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  readClockEndpoint(app, deps);
  setClockEndpoint(app, deps);
}
