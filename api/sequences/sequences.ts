import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { getSequenceEndpoint } from './get.ts';
import { letterLimitEndpoints } from './limit.ts';
import { lintSequenceEndpoint } from './lint.ts';
import { listSequencesEndpoint } from './list.ts';
import { runEndpoints } from './run.ts';
import { listRunsEndpoint } from './runs.ts';
import { saveSequenceEndpoint } from './save.ts';
import { startRunsEndpoint } from './start.ts';
import { sequenceStateEndpoints } from './state.ts';

/** Everything under /v1/sequences and /v1/sequence-runs. */
export function sequenceEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke' | 'templates'>): void {
  lintSequenceEndpoint(app, deps);
  saveSequenceEndpoint(app, deps);
  listSequencesEndpoint(app, deps);
  getSequenceEndpoint(app, deps);
  sequenceStateEndpoints(app, deps);
  startRunsEndpoint(app, deps);
  listRunsEndpoint(app, deps);
  runEndpoints(app, deps);
  letterLimitEndpoints(app, deps);
}
