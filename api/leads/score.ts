import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { loadScorables } from '../../db/score-facts.ts';
import { awaitsScore } from '../../db/scores.ts';
import { createScoringGround } from '../../db/scoring-models.ts';
import { TendrilError } from '../../domain/errors.ts';
import { explain } from '../../domain/scoring/explain.ts';
import { score } from '../../domain/scoring/score.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadParam } from './schema.ts';

const seen = z.array(
  z.object({ held: z.boolean(), value: z.unknown().openapi({ description: 'What was there; null: nothing' }), words: z.string() }),
);

const fit = z.object({
  grade: z.enum(['A', 'B', 'C', 'D']),
  points: z.number(),
  grades: z
    .object({ A: z.number(), B: z.number(), C: z.number() })
    .openapi({ description: 'Points from which each grade is given; below C it is D' }),
  words: z.string(),
  rules: z.array(
    z.object({
      rule: z.string(),
      held: z.boolean(),
      points: z.number(),
      given: z.number().openapi({ description: 'These add up to the points' }),
      seen,
      words: z.string(),
    }),
  ),
});

const engagement = z.object({
  points: z.number(),
  level: z.string(),
  levels: z
    .array(z.object({ key: z.string(), up: z.number(), down: z.number() }))
    .openapi({ description: 'A level is reached at `up` and left below `down`' }),
  words: z.string(),
  nextCrossing: z
    .object({ at: z.iso.datetime(), engagement: z.number(), level: z.string() })
    .nullable()
    .openapi({ description: 'What fading alone will change next, and when; null: nothing' }),
  rules: z.array(
    z.object({
      rule: z.string(),
      event: z.string(),
      pointsEach: z.number(),
      halfLifeDays: z.number(),
      cap: z.number().nullable(),
      count: z.int(),
      lastAt: z.iso.datetime().nullable(),
      earned: z.number().openapi({ description: 'count × pointsEach' }),
      faded: z.number().openapi({ description: 'What is left of that by now' }),
      capped: z.boolean(),
      given: z.number().openapi({ description: 'What the cap lets through; these add up to the points' }),
      words: z.string(),
    }),
  ),
});

const standard = z.object({
  version: z.int(),
  met: z.boolean(),
  pool: z.string(),
  seen,
  missing: z.array(z.string()).openapi({ description: 'The least that would have to change' }),
  words: z.string(),
});

const answer = z
  .object({
    leadId: z.uuid(),
    at: z.iso.datetime().openapi({ description: 'Workspace time of this answer: points fade, so they are those of this instant' }),
    computedAt: z.iso.datetime().nullable().openapi({ description: 'When the scoring loop last looked; null: not yet' }),
    pending: z.boolean().openapi({ description: 'Something happened that the scoring loop has not looked at yet' }),
    model: z.int().openapi({ description: 'Version of the scoring document; 0: there is none' }),
    words: z.string(),
    fit,
    engagement,
    standard: standard.nullable().openapi({ description: 'Null: this workspace has no qualification standard' }),
  })
  .openapi('ScoreExplained');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads/{lead}/score',
  tags: ['Leads'],
  summary: "A lead's score with every point explained",
  request: { params: leadParam },
  responses: {
    200: { description: 'The score', content: { 'application/json': { schema: answer } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/leads/{idOrEmail}/score. Computed as of now from what is known, by the same functions as the scoring loop's. */
export function scoreEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  const ground = createScoringGround();

  app.openapi(route, async (c) => {
    const leadId = await requireLeadId(pool, c.req.valid('param').lead);
    const found = await inTransaction(pool, async (tx) => {
      const { now, model, standard } = await ground(tx);
      const [lead] = await loadScorables(tx, [leadId], model);
      return lead && { lead, now, model, standard, pending: await awaitsScore(tx, leadId) };
    });
    if (!found) throw new TendrilError('not_found', 'There is no lead with this id or address');

    const { lead, now, model, standard, pending } = found;
    const explained = explain(model, standard, lead, score(model, standard, lead, lead.before?.level ?? null, now), now);
    const words = [explained.fit.words, explained.engagement.words, explained.standard?.words].filter(Boolean).join(' ');
    const computedAt = lead.before?.computedAt.toISOString() ?? null;
    return c.json({ leadId, at: now.toISOString(), computedAt, pending, model: model.version, words, ...explained }, 200);
  });
}
