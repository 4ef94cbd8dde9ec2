import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newestDocument, requireCampaign } from '../../db/campaigns.ts';
import { dryRun, type Outlook } from '../../db/dry-run.ts';
import { planOfDocument } from '../../db/plan.ts';
import type { Queryable } from '../../db/pool.ts';
import { loadSurroundings } from '../../db/surroundings.ts';
import { duration, minus, plus } from '../../domain/calendar/duration.ts';
import { TendrilError } from '../../domain/errors.ts';
import { tell } from '../../domain/words/decision.ts';
import { ruleWords } from '../../domain/words/rules.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLinted } from './linting.ts';
import { campaignKey } from './schema.ts';

const person = { leadId: z.uuid(), email: z.string().nullable() };

const instant = z.iso.datetime();

const outlook = {
  entering: z.int().openapi({ description: 'How many would enter' }),
  heldOut: z.int().openapi({ description: 'How many of them would be held out for comparison' }),
  first: z.array(
    z.object({
      ...person,
      at: instant.openapi({ description: 'When what brings them in happened, or will' }),
      words: z.string(),
      facts: z.array(z.string()),
    }),
  ),
  notEntering: z
    .array(z.object({ rule: z.string(), words: z.string(), count: z.int(), first: z.array(z.object(person)) }))
    .openapi({ description: 'Why the others would not, by rule, with a few of them' }),
};

const dryRunSchema = z
  .object({
    ...outlook,
    coming: z
      .object({ until: instant, ...outlook })
      .openapi({ description: 'Whom dates and schedules bring until then, the next first, as things stand now' }),
    entries: z.array(z.object({ words: z.string(), lookedAt: z.int(), note: z.string().nullable() })),
    complete: z.boolean().openapi({ description: 'False when there were more people than were looked at' }),
  })
  .openapi('DryRun');

const body = z
  .strictObject({
    since: duration
      .default('30d')
      .openapi({ type: 'string', description: 'How far back an event counts as one that would bring somebody in' }),
    ahead: duration.default('30d').openapi({ type: 'string', description: 'How far ahead dates and schedules are looked at' }),
    document: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'A document to try instead of the newest version; it is not stored' }),
  })
  .openapi('DryRunOptions');

const route = createRoute({
  ...secured('read'),
  method: 'post',
  path: '/v1/campaigns/{key}/dry-run',
  tags: ['Campaigns'],
  summary: 'Who would enter now, who will by dates, and why not the rest',
  description: 'The rules that decide when somebody really comes decide here too; nothing is written. Test leads are left out.',
  request: { params: campaignKey, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'What would happen', content: { 'application/json': { schema: dryRunSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/campaigns/{key}/dry-run. */
export function dryRunEndpoint(app: OpenAPIHono, { pool, templates }: Pick<ApiDeps, 'pool' | 'templates'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const { since, ahead, document } = c.req.valid('json');
    if (document && document['key'] !== key) throw new TendrilError('invalid', `The document's key is not '${key}'`);
    const campaignId = await idOf(pool, key, document !== undefined);
    if (document) await requireLinted(pool, templates, document);
    const plan = await planOfDocument(pool, document ?? (await newestDocument(pool, campaignId!)));
    const { now, zone, calendar } = await loadSurroundings(pool);
    const found = await dryRun(pool, plan, campaignId, {
      since: minus(now, since, zone, calendar),
      until: plus(now, ahead, zone, calendar),
    });
    const { name } = plan.campaign;
    const { until, ...coming } = found.coming;
    const { entries, complete } = found;
    return c.json({ ...shown(found, name), coming: { until: until.toISOString(), ...shown(coming, name) }, entries, complete }, 200);
  });
}

/** An outlook as the api tells of it: in words. */
const shown = ({ entering, heldOut, first, notEntering }: Outlook, campaign: string) => ({
  entering,
  heldOut,
  first: first.map(({ because, at, ...one }) => ({
    ...one,
    at: at.toISOString(),
    ...tell({ kind: 'entered', stepId: null, campaign, because }),
  })),
  notEntering: notEntering.map(({ because, ...one }) => ({ ...one, words: ruleWords(because) })),
});

/** A document that is only tried need not be stored under its key. */
async function idOf(tx: Queryable, key: string, mayBeNew: boolean): Promise<string | null> {
  try {
    return (await requireCampaign(tx, key)).id;
  } catch (error) {
    if (mayBeNew && error instanceof TendrilError && error.code === 'not_found') return null;
    throw error;
  }
}
