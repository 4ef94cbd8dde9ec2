import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { commissionEndpoint } from './commission.ts';
import { salesFiguresEndpoint } from './sales.ts';

/** How sales does, in numbers. */
export function figuresEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  salesFiguresEndpoint(app, deps);
  commissionEndpoint(app, deps);
}
