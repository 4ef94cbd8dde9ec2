import { createRoute, type z } from '@hono/zod-openapi';
import type { Pool } from 'pg';
import { findOpportunity } from '../../db/opportunities-read.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { findRep, type Rep } from '../../db/reps.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Loop, Poke } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import { problemResponses } from '../problem.ts';
import { opportunityId, opportunitySchema, shownOpportunity } from './schema.ts';

/** The route of one answer: POST /v1/opportunities/{id}/{verb}. */
export function answerRoute<V extends string, B extends z.ZodType>(verb: V, summary: string, description: string, body: B) {
  return createRoute({
    ...secured('write'),
    method: 'post',
    path: `/v1/opportunities/{id}/${verb}`,
    tags: ['Opportunities'],
    summary,
    description,
    request: { params: opportunityId, body: { content: { 'application/json': { schema: body } }, required: true } },
    responses: {
      200: { description: 'The opportunity, as it stands now', content: { 'application/json': { schema: opportunitySchema } } },
      ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
    },
  });
}

/** Commits an answer, pokes whom it concerns, and answers the opportunity. It does not need Temporal: losing the pokes costs seconds. */
export async function commitAnswer({ pool, poke }: { pool: Pool; poke: Poke }, id: string, act: (tx: Queryable) => Promise<Loop[]>) {
  const loops = await inTransaction(pool, act);
  loops.forEach(poke);
  return shownOpportunity((await findOpportunity(pool, id))!);
}

/** The rep a body names. Throws `invalid`. */
export async function requireRep(tx: Queryable, key: string): Promise<Rep> {
  const rep = await findRep(tx, key);
  if (rep) return rep;
  throw new TendrilError('invalid', `There is no rep '${key}'`, [
    { path: 'rep', reason: 'is not the key of a rep', mend: 'see GET /v1/reps' },
  ]);
}

/** The same, where something is to be theirs. Throws `invalid` for somebody who is not active. */
export async function requireActiveRep(tx: Queryable, key: string): Promise<Rep> {
  const rep = await requireRep(tx, key);
  if (rep.active) return rep;
  throw new TendrilError('invalid', `${rep.name} is not active`, [
    { path: 'owner', reason: 'is not active', mend: 'name somebody who is' },
  ]);
}
