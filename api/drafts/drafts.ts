import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { draftLinkEndpoints } from '../public/drafts/draft.ts';
import { draftEndpoints } from './draft.ts';
import { listDraftsEndpoint } from './list.ts';

/** Everything under /v1/drafts, and the page of a draft's link. */
export function draftsEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  listDraftsEndpoint(app, deps);
  draftEndpoints(app, deps);
  draftLinkEndpoints(app, deps);
}
