import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { discardSubmissionEndpoint } from './discard.ts';
import { listSubmissionsEndpoint } from './list.ts';
import { getSubmissionEndpoint } from './one.ts';
import { resolveSubmissionEndpoint } from './resolve.ts';
import { restoreSubmissionEndpoint } from './restore.ts';

/** What was submitted, what waits for a person, and the quarantine. */
export function submissionEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  listSubmissionsEndpoint(app, deps);
  getSubmissionEndpoint(app, deps);
  restoreSubmissionEndpoint(app, deps);
  resolveSubmissionEndpoint(app, deps);
  discardSubmissionEndpoint(app, deps);
}
