import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { guestsEndpoint } from './guests.ts';
import { listGuestsEndpoint } from './list-guests.ts';
import { listOccasionsEndpoint } from './list.ts';
import { readOccasionEndpoint } from './one.ts';
import { putOccasionEndpoint } from './put.ts';

/** Everything under /v1/occasions. */
export function occasionEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  putOccasionEndpoint(app, deps);
  readOccasionEndpoint(app, deps);
  listOccasionsEndpoint(app, deps);
  guestsEndpoint(app, deps);
  listGuestsEndpoint(app, deps);
}
