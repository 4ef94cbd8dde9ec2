import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newestDocument, requireCampaign } from '../../db/campaigns.ts';
import { armFigures, experiments } from '../../db/splits.ts';
import { campaign } from '../../domain/campaign/document.ts';
import { type Experiment, experiment, experimentKey, metric } from '../../domain/campaign/split.ts';
import { splitsIn } from '../../domain/campaign/walk.ts';
import { interval } from '../../domain/statistics.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const arm = z.object({
  arm: z.string(),
  weight: z.number(),
  entered: z.int().openapi({ description: 'Everybody who went this way, of all versions' }),
  counted: z.int().openapi({ description: 'Those whose time has passed' }),
  successes: z.int().openapi({ description: 'Those of them of whom something came' }),
  rate: z.number().nullable(),
  low: z.number().openapi({ description: 'The true rate lies between this' }),
  high: z.number().openapi({ description: 'and this, with the confidence asked for (Wilson)' }),
});

const splitSchema = z.object({
  step: z.string(),
  metric: metric.nullable().openapi({ description: 'Null: nothing is measured' }),
  minimum: z.int().nullable(),
  confidence: z.number().nullable(),
  within: z.string().nullable(),
  winner: z.string().nullable().openapi({ description: 'The arm that takes all who come from now on' }),
  decidedAt: z.iso.datetime().nullable(),
  arms: z.array(arm),
});

const schema = z.object({ campaign: z.string(), splits: z.array(splitSchema) }).openapi('Splits');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/campaigns/{key}/splits',
  tags: ['Campaigns'],
  summary: 'How the arms of each split do, with intervals',
  description:
    'The splits of the newest version. Where one measures nothing, its arms are compared on the goal if the campaign has one. Test leads and people held out are not counted.',
  request: { params: campaignKey },
  responses: {
    200: { description: 'Each split with its arms', content: { 'application/json': { schema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** What the arms of a split without a metric are compared by. */
const UNMEASURED = { metric: 'goal', within: '30d', confidence: 0.95 } as const;

/** GET /v1/campaigns/{key}/splits. */
export function splitsEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const { id } = await requireCampaign(pool, key);
    const known = new Map(
      (await experiments(pool, id)).map((one) => [experimentKey(one.stepId, experiment.parse(one.definition)), one] as const),
    );
    const splits = [];
    for (const { step, arms, experiment: asked } of splitsIn(campaign.parse(await newestDocument(pool, id)))) {
      const found = asked ? known.get(experimentKey(step, asked)) : undefined;
      splits.push({
        step,
        metric: asked?.metric ?? null,
        minimum: asked?.minimum ?? null,
        confidence: asked?.confidence ?? null,
        within: asked?.within ?? null,
        winner: found?.winner ?? null,
        decidedAt: found?.decidedAt?.toISOString() ?? null,
        arms: await shares(id, step, arms, asked ?? UNMEASURED),
      });
    }
    return c.json({ campaign: key, splits }, 200);
  });

  async function shares(
    campaignId: string,
    stepId: string,
    arms: readonly { key: string; weight: number }[],
    asked: Pick<Experiment, 'metric' | 'within' | 'confidence'>,
  ): Promise<z.infer<typeof arm>[]> {
    const figures = await armFigures(pool, campaignId, stepId, asked);
    return arms.map(({ key, weight }) => {
      const { entered, n, successes } = figures.find((one) => one.arm === key) ?? { entered: 0, n: 0, successes: 0 };
      const rate = n === 0 ? null : successes / n;
      return { arm: key, weight, entered, counted: n, successes, rate, ...interval({ n, successes }, asked.confidence) };
    });
  }
}
