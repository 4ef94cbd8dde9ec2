import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireCampaign } from '../../db/campaigns.ts';
import { moveSome, requireVersion, standingOn } from '../../db/moving.ts';
import { planOfVersion } from '../../db/plan.ts';
import { inTransaction } from '../../db/pool.ts';
import { nurtureLoops } from '../../db/ranges.ts';
import { planMove } from '../../domain/campaign/moving.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const number = z.int().min(1).max(2_147_483_647);

const body = z
  .strictObject({
    from: number.openapi({ description: 'The version whose people are moved' }),
    to: number.openapi({ description: 'The version they go on with' }),
    map: z.record(z.string(), z.string().nullable()).default({}).openapi({
      description: 'For steps that are no longer there, or are to be left: the step to go on from; null: they leave the campaign',
    }),
    preview: z.boolean().default(true).openapi({ description: 'Only say what would happen; false moves them' }),
  })
  .openapi('VersionMove');

const movedSchema = z
  .object({
    moved: z.int().openapi({ description: 'How many were moved; 0 for a preview' }),
    underWay: z.int(),
    lost: z.int().openapi({ description: 'How many stand on a step that nobody has said where to go on from' }),
    steps: z.array(
      z.object({ stepId: z.string(), count: z.int(), to: z.string().nullable(), how: z.enum(['same', 'mapped', 'leaves', 'lost']) }),
    ),
  })
  .openapi('VersionMoved');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/migrate',
  tags: ['Campaigns'],
  summary: 'Move those under way to another version',
  description:
    'They go on at the step of the same id, or where `map` says. Standing on the same step they keep their time and what they wait for; on another they have just come. Where somebody would be lost nobody is moved. Previewed unless `preview: false`.',
  request: { params: campaignKey, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'What happened, or would', content: { 'application/json': { schema: movedSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

const BATCH = 5_000;

/** POST /v1/campaigns/{key}/migrate. */
export function migrateEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { from, to, map, preview } = c.req.valid('json');
    const campaign = await requireCampaign(pool, c.req.valid('param').key);
    const fromId = await requireVersion(pool, campaign.id, from);
    const toId = await requireVersion(pool, campaign.id, to);
    if (from === to) throw new TendrilError('invalid', 'They are on this version already', [{ path: 'to', reason: 'is `from`' }]);
    const target = await planOfVersion(pool, toId);
    const unknown = Object.entries(map).filter(([, step]) => step !== null && !target.nodes.has(step));
    if (unknown.length > 0)
      throw new TendrilError(
        'invalid',
        `Version ${to} has no such step`,
        unknown.map(([step, there]) => ({ path: `map.${step}`, reason: `version ${to} has no step '${there}'` })),
      );
    const moves = planMove(await planOfVersion(pool, fromId), target, await standingOn(pool, campaign.id, fromId), map);
    const lost = moves.filter(({ how }) => how === 'lost');
    const sum = (list: readonly { count: number }[]): number => list.reduce((all, { count }) => all + count, 0);
    let moved = 0;
    if (!preview) {
      if (lost.length > 0)
        throw new TendrilError(
          'conflict',
          `${sum(lost)} would be lost: say where they go on`,
          lost.map(({ stepId, count }) => ({
            path: `map.${stepId}`,
            reason: `${count} stand on it, and version ${to} has no such step`,
            mend: 'name a step of the new version, or null to have them leave',
          })),
        );
      for (let n = BATCH; n === BATCH; moved += n)
        n = await inTransaction(pool, (tx) => moveSome(tx, campaign.id, { fromId, toId, from, to }, moves, BATCH));
      for (const loop of await nurtureLoops(pool, campaign.id)) poke(loop);
    }
    const steps = moves.map(({ keepsWaiting: _, ...move }) => move);
    return c.json({ moved, underWay: sum(moves), lost: sum(lost), steps }, 200);
  });
}
