import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { requireRun } from '../../db/runs-read.ts';
import { pauseRun, resumeRun, stopRun } from '../../db/sequence-runs.ts';
import type { Loop } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { runId, runSchema, shownRun } from './schema.ts';

const getRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/sequence-runs/{id}',
  tags: ['Sequences'],
  summary: 'One run',
  request: { params: runId },
  responses: {
    200: { description: 'The run', content: { 'application/json': { schema: runSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

const note = z.strictObject({ note: z.string().min(1).max(500).optional() }).openapi('StopRun');

const routeOf = <V extends string>(verb: V, summary: string, description: string) =>
  createRoute({
    ...secured('write'),
    method: 'post',
    path: `/v1/sequence-runs/{id}/${verb}`,
    tags: ['Sequences'],
    summary,
    description,
    request: { params: runId },
    responses: {
      200: { description: 'The run, as it stands now', content: { 'application/json': { schema: runSchema } } },
      ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
    },
  });

const stopRoute = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/sequence-runs/{id}/stop',
  tags: ['Sequences'],
  summary: 'End a run',
  description: 'Nothing more of it leaves; queued mail and an open draft are cancelled. Works while Temporal is down.',
  request: { params: runId, body: { content: { 'application/json': { schema: note } }, required: true } },
  responses: {
    200: { description: 'The run, over', content: { 'application/json': { schema: runSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});
const pauseRoute = routeOf('pause', 'Let a run stand still', 'Clocks run on, and what ends it ends it nevertheless.');
const resumeRoute = routeOf('resume', 'Let a run go on', 'What fell due meanwhile is done now.');

/** GET /v1/sequence-runs/{id}, and stop, pause and resume. */
export function runEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  const act = async (id: string, change: (tx: Queryable) => Promise<Loop[] | void>) => {
    ((await inTransaction(pool, change)) ?? []).forEach(poke);
    return shownRun(await requireRun(pool, id));
  };
  app.openapi(getRoute, async (c) => c.json(shownRun(await requireRun(pool, c.req.valid('param').id)), 200));
  app.openapi(stopRoute, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await act(id, (tx) => stopRun(tx, id, c.req.valid('json'))), 200);
  });
  app.openapi(pauseRoute, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await act(id, (tx) => pauseRun(tx, id)), 200);
  });
  app.openapi(resumeRoute, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await act(id, (tx) => resumeRun(tx, id)), 200);
  });
}
