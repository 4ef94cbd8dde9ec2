import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { answerOwnEndpoints } from './answer.ts';
import { readOwnEndpoints } from './read.ts';

/** Everything under /v1/own: what a salesperson's or a partner's own key may see and do. */
export function ownEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  readOwnEndpoints(app, deps);
  answerOwnEndpoints(app, deps);
}
