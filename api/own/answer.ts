import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { lockAnswered } from '../../db/answering.ts';
import { accept, touch } from '../../db/answers.ts';
import { findOwn } from '../../db/own.ts';
import { returnToUs } from '../../db/partners.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { reject } from '../../db/rejections.ts';
import type { Rep } from '../../db/reps.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Loop } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { laterDate, opportunityId, repKey } from '../opportunities/schema.ts';
import { problemResponses } from '../problem.ts';
import { actorOf, ownOpportunity, shownOwn, whoseOf } from './schema.ts';

const rep = repKey.optional().openapi({ description: 'With a key of a firm: who of it acts' });
const note = z.string().max(2_000).optional();

function routeOf<V extends string, B extends z.ZodType>(verb: V, summary: string, body: B) {
  return createRoute({
    ...secured('own'),
    method: 'post',
    path: `/v1/own/opportunities/{id}/${verb}`,
    tags: ['Own'],
    summary,
    request: { params: opportunityId, body: { content: { 'application/json': { schema: body } }, required: true } },
    responses: {
      200: {
        description: 'The opportunity, as far as it is still yours',
        content: { 'application/json': { schema: ownOpportunity.nullable() } },
      },
      ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
    },
  });
}

const accepts = routeOf('accept', 'Take one of my opportunities', z.strictObject({ rep }));
const touches = routeOf('touch', 'Say that I have really talked to them', z.strictObject({ rep, note }));
const rejects = routeOf(
  'reject',
  'Say no to one of my opportunities, with a reason',
  z.strictObject({ rep, note, reason: z.string().min(1).max(100), resumeOn: laterDate.optional() }),
);
const returns = routeOf('return', 'Give back what was passed to my firm', z.strictObject({ rep, note }));

/** POST /v1/own/opportunities/{id}/accept, touch, reject and return. */
export function answerOwnEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  /** Commits what they answer to one of theirs, pokes whom it concerns, and answers how it stands for them. */
  async function commit(c: Context, id: string, named: string | undefined, act: (tx: Queryable, by: Rep) => Promise<Loop[]>) {
    const whose = whoseOf(c);
    const loops = await inTransaction(pool, async (tx) => {
      await lockAnswered(tx, id);
      if (!(await findOwn(tx, whose, id))) throw new TendrilError('not_found', 'There is no such opportunity of yours');
      return act(tx, await actorOf(tx, whose, named));
    });
    loops.forEach(poke);
    const found = await findOwn(pool, whose, id);
    return found && shownOwn(found);
  }

  app.openapi(accepts, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await commit(c, id, c.req.valid('json').rep, (tx, by) => accept(tx, id, { rep: by })), 200);
  });

  app.openapi(touches, async (c) => {
    const { id } = c.req.valid('param');
    const { rep: named, note: said } = c.req.valid('json');
    return c.json(await commit(c, id, named, (tx, by) => touch(tx, id, by, { note: said ?? null })), 200);
  });

  app.openapi(rejects, async (c) => {
    const { id } = c.req.valid('param');
    const { rep: named, reason, resumeOn, note: said } = c.req.valid('json');
    const rejection = { reason, note: said, resumeOn: resumeOn ? new Date(resumeOn) : null };
    return c.json(await commit(c, id, named, (tx, by) => reject(tx, id, rejection, { rep: by })), 200);
  });

  app.openapi(returns, async (c) => {
    const { id } = c.req.valid('param');
    const { rep: named, note: said } = c.req.valid('json');
    return c.json(await commit(c, id, named, (tx, by) => returnToUs(tx, id, by, said ?? null)), 200);
  });
}
