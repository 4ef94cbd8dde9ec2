import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { checkDomainEndpoint } from './domain.ts';
import { deliverabilityFiguresEndpoint } from './figures.ts';
import { deliverabilityPage } from './page.ts';
import { domainPausingEndpoints } from './pausing.ts';

/** Whether our mail arrives, and what we do that it goes on arriving. */
export function deliverabilityEndpoints(app: OpenAPIHono, deps: ApiDeps): void {
  deliverabilityFiguresEndpoint(app, deps);
  checkDomainEndpoint(app, deps);
  domainPausingEndpoints(app, deps);
  deliverabilityPage(app, deps);
}
