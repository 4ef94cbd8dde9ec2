import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireCampaign } from '../../db/campaigns.ts';
import { inTransaction } from '../../db/pool.ts';
import { nurtureLoops } from '../../db/ranges.ts';
import { hasStep, pausedSteps, pauseStep, resumeStep } from '../../db/step-pause.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const pausedSchema = z
  .object({ campaign: z.string(), paused: z.array(z.object({ stepId: z.string(), pausedAt: z.iso.datetime() })) })
  .openapi('PausedSteps');

const route = (does: 'pause' | 'resume', summary: string, description: string) =>
  createRoute({
    ...secured('write'),
    method: 'post',
    path: `/v1/campaigns/{key}/steps/{step}/${does}` as const,
    tags: ['Campaigns'],
    summary,
    description,
    request: { params: campaignKey.extend({ step: z.string().min(1).max(64).openapi({ example: 'welcome' }) }) },
    responses: {
      200: { description: 'The steps that are paused now', content: { 'application/json': { schema: pausedSchema } } },
      ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
    },
  });

const pause = route(
  'pause',
  'Stop one step of a campaign',
  'Who is on it, or comes to it, waits there, and mail it has queued does not leave; clocks run on, and everybody else goes on.',
);
const resume = route(
  'resume',
  'Let a paused step go on',
  'Who waited is looked at at once; sends that are too late by then are skipped by their `notAfter`.',
);

/** POST /v1/campaigns/{key}/steps/{step}/pause and /resume. */
export function stepPauseEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  async function change(key: string, stepId: string, how: typeof pauseStep, refusal: string) {
    const { id } = await requireCampaign(pool, key);
    const paused = await inTransaction(pool, async (tx) => {
      if (!(await hasStep(tx, id, stepId))) throw new TendrilError('not_found', `The campaign '${key}' has no step '${stepId}'`);
      if (!(await how(tx, id, stepId))) throw new TendrilError('conflict', refusal);
      return pausedSteps(tx, id);
    });
    for (const loop of await nurtureLoops(pool, id)) poke(loop);
    for (const lane of ['marketing', 'transactional']) poke({ kind: 'delivery', lane });
    return { campaign: key, paused: paused.map((one) => ({ ...one, pausedAt: one.pausedAt.toISOString() })) };
  }

  app.openapi(pause, async (c) => {
    const { key, step } = c.req.valid('param');
    return c.json(await change(key, step, pauseStep, 'This step is paused already.'), 200);
  });
  app.openapi(resume, async (c) => {
    const { key, step } = c.req.valid('param');
    return c.json(await change(key, step, resumeStep, 'This step is not paused.'), 200);
  });
}
