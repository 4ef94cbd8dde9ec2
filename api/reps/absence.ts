import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { releaseOffers, retryQueues } from '../../db/queue.ts';
import { loadedReps } from '../../db/rep-load.ts';
import { setAbsence } from '../../db/reps.ts';
import { qualificationOf } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { repView, shownRep } from './schema.ts';

const instant = z.iso.datetime({ offset: true }).nullable();

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/reps/{key}/absence',
  tags: ['Reps and pools'],
  summary: 'Say when a rep is away',
  description:
    'While away a rep is offered nothing: what is theirs by name goes to their stand-in. What is offered to them unanswered goes there too, or back to the queue, at once. What they have accepted stays theirs.',
  request: {
    params: z.object({ key: z.string().max(100) }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              from: instant.openapi({ description: 'Null: is not away, or is back' }),
              to: instant.optional().openapi({ description: 'Null: until further notice' }),
              standIn: z.string().max(100).nullable().optional().openapi({
                description: 'Key of the rep who gets what is theirs by name meanwhile; left out: whoever it was',
              }),
            })
            .refine(({ from, to }) => from !== null || !to, { error: 'needs a from', path: ['to'] })
            .refine(({ from, to }) => !from || !to || new Date(from) < new Date(to), { error: 'must be after from', path: ['to'] }),
        },
      },
    },
  },
  responses: {
    200: { description: 'The rep', content: { 'application/json': { schema: repView } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/reps/{key}/absence. */
export function absenceEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { from, to, standIn } = c.req.valid('json');
    const { rep, waiting } = await inTransaction(pool, async (tx) => {
      const changed = await setAbsence(tx, c.req.valid('param').key, from ? new Date(from) : null, to ? new Date(to) : null, standIn);
      const poked = [...(await releaseOffers(tx, changed.id)), ...(await retryQueues(tx, null))];
      return { rep: (await loadedReps(tx, [changed.key]))[0]!, waiting: poked };
    });
    qualificationOf(waiting).forEach(poke);
    return c.json(shownRep(rep), 200);
  });
}
