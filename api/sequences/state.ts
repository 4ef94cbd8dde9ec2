import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Pool } from 'pg';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { runLoops } from '../../db/runs-read.ts';
import { archiveSequence, pauseSequence, requireSequence, resumeSequence, type SequenceRow } from '../../db/sequences.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Poke } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import { shownCampaign } from '../campaigns/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { changedSequence, sequenceKey } from './schema.ts';

const routeOf = <V extends string>(verb: V, summary: string, description: string) =>
  createRoute({
    ...secured('write'),
    method: 'post',
    path: `/v1/sequences/{key}/${verb}`,
    tags: ['Sequences'],
    summary,
    description,
    request: { params: sequenceKey },
    responses: {
      200: changedSequence('The sequence, as it stands now'),
      ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
    },
  });

const pauseRoute = routeOf('pause', 'Stop its runs and their mail', 'Clocks run on. What ends a run ends it once the sequence is resumed.');
const resumeRoute = routeOf('resume', 'Go on after a pause', 'What fell due meanwhile is done now, within windows and the reps’ limits.');
const archiveRoute = routeOf(
  'archive',
  'End it for good',
  'Every run of it ends, queued mail and open drafts are cancelled. Its figures and journal stay.',
);

/** POST /v1/sequences/{key}/pause, resume and archive. */
export function sequenceStateEndpoints(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  const shown = async (key: string, act: Act, refusal: string) => shownCampaign(await change(deps, key, act, refusal));
  app.openapi(pauseRoute, async (c) =>
    c.json(await shown(c.req.valid('param').key, pauseSequence, 'Only a live sequence can be paused.'), 200),
  );
  app.openapi(resumeRoute, async (c) =>
    c.json(await shown(c.req.valid('param').key, resumeSequence, 'Only a paused sequence can be resumed.'), 200),
  );
  app.openapi(archiveRoute, async (c) =>
    c.json(await shown(c.req.valid('param').key, archiveSequence, 'An archived sequence cannot be archived again.'), 200),
  );
}

type Act = (tx: Queryable, id: string) => Promise<boolean>;

/** Changes its state by a guarded update, then has its runs and their lane look. */
async function change({ pool, poke }: { pool: Pool; poke: Poke }, key: string, act: Act, refusal: string): Promise<SequenceRow> {
  const { row, loops } = await inTransaction(pool, async (tx) => {
    const { id, state } = await requireSequence(tx, key);
    const carriers = await runLoops(tx, id);
    if (!(await act(tx, id))) throw new TendrilError('conflict', `${refusal} This one is ${state}.`);
    return { row: await requireSequence(tx, key), loops: carriers };
  });
  loops.forEach(poke);
  poke({ kind: 'delivery', lane: 'personal' });
  return row;
}
