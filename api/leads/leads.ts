import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { correctLeadEndpoint } from './correct.ts';
import { listLeadsEndpoint } from './list.ts';
import { readLeadEndpoint } from './one.ts';
import { leadPauseEndpoints } from './pause.ts';
import { timelineEndpoint } from './timeline.ts';
import { leadTrackingEndpoint } from './tracking.ts';
import { upsertLeadEndpoints } from './upsert.ts';
import { whyEndpoint } from './why.ts';

/** What there is to read of leads, their score apart, and to correct. */
export function leadEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  listLeadsEndpoint(app, deps);
  upsertLeadEndpoints(app, deps);
  readLeadEndpoint(app, deps);
  leadPauseEndpoints(app, deps);
  leadTrackingEndpoint(app, deps);
  correctLeadEndpoint(app, deps);
  timelineEndpoint(app, deps);
  whyEndpoint(app, deps);
}
