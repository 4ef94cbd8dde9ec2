import { createRoute, type z } from '@hono/zod-openapi';
import type { Pool } from 'pg';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { findTask } from '../../db/tasks-read.ts';
import type { Loop, Poke } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import { problemResponses } from '../problem.ts';
import { shownTask, taskId, taskSchema } from './schema.ts';

/** The route of one thing done to a task: POST /v1/tasks/{id}/{verb}. */
export function taskRoute<V extends string, B extends z.ZodType>(verb: V, summary: string, description: string, body: B) {
  return createRoute({
    ...secured('write'),
    method: 'post',
    path: `/v1/tasks/{id}/${verb}`,
    tags: ['Tasks'],
    summary,
    description,
    request: { params: taskId, body: { content: { 'application/json': { schema: body } }, required: true } },
    responses: {
      200: { description: 'The task, as it stands now', content: { 'application/json': { schema: taskSchema } } },
      ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
    },
  });
}

/** Commits what is done to a task, pokes whom it concerns, and answers the task. It does not need Temporal: losing the pokes costs seconds. */
export async function commitTask({ pool, poke }: { pool: Pool; poke: Poke }, id: string, act: (tx: Queryable) => Promise<Loop[]>) {
  (await inTransaction(pool, act)).forEach(poke);
  return shownTask((await findTask(pool, id))!);
}
