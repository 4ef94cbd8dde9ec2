import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { acceptEndpoint } from './accept.ts';
import { listBreachesEndpoint } from './breaches.ts';
import { changeOpportunityEndpoint } from './change.ts';
import { closeEndpoint } from './close.ts';
import { getOpportunityEndpoint } from './get.ts';
import { handOverEndpoint } from './hand-over.ts';
import { listOpportunitiesEndpoint } from './list.ts';
import { passEndpoint } from './pass.ts';
import { reassignEndpoint } from './reassign.ts';
import { rejectEndpoint } from './reject.ts';
import { snoozeEndpoint } from './snooze.ts';
import { touchAddressEndpoint } from './touch-address.ts';
import { touchEndpoint } from './touch.ts';

/** Everything under /v1/opportunities. */
export function opportunityEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  handOverEndpoint(app, deps);
  listOpportunitiesEndpoint(app, deps);
  listBreachesEndpoint(app, deps);
  getOpportunityEndpoint(app, deps);
  changeOpportunityEndpoint(app, deps);
  acceptEndpoint(app, deps);
  rejectEndpoint(app, deps);
  snoozeEndpoint(app, deps);
  touchEndpoint(app, deps);
  touchAddressEndpoint(app, deps);
  closeEndpoint(app, deps);
  reassignEndpoint(app, deps);
  passEndpoint(app, deps);
}
