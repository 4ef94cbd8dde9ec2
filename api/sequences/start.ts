import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { planOfVersion } from '../../db/plan.ts';
import { findRep } from '../../db/reps.ts';
import { requireSequence } from '../../db/sequences.ts';
import { type NamedLead, startRuns, startStates } from '../../db/start-runs.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { sequenceKey } from './schema.ts';

/** People of one request. */
const MOST = 10_000;

const body = z
  .strictObject({
    leadIds: z.array(z.uuid()).max(MOST).default([]),
    emails: z.array(z.string().min(3).max(320)).max(MOST).default([]),
    rep: z.string().min(1).max(100).openapi({
      description: 'In whose name: the key of a rep, or `owner`: whoever has each lead, of their open opportunity, else of their account',
      example: 'owner',
    }),
    inCampaign: z.enum(['refuse', 'wait']).default('refuse').openapi({
      description:
        'Somebody whom a campaign mails: `refuse` leaves them to it; `wait` begins, and the campaign’s marketing waits meanwhile',
    }),
    properties: z.record(z.string(), z.unknown()).default({}).openapi({ description: '`{{params.entry.<name>}}` in the letters' }),
  })
  .refine(({ leadIds, emails }) => leadIds.length + emails.length > 0, { path: ['leadIds'], error: 'names nobody: give leadIds or emails' })
  .refine(({ leadIds, emails }) => leadIds.length + emails.length <= MOST, { path: ['leadIds'], error: `names more than ${MOST} people` })
  .openapi('NewRuns');

const started = z
  .object({
    started: z.int(),
    people: z.array(
      z.object({
        leadId: z.uuid().nullable(),
        email: z.string().optional().openapi({ description: 'As it was given' }),
        state: z.enum(startStates),
        runId: z.uuid().nullable(),
      }),
    ),
  })
  .openapi('StartedRuns');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/sequences/{key}/runs',
  tags: ['Sequences'],
  summary: 'Begin it for one person, or for up to 10,000',
  description:
    'Answers what came of each, those named by id first. Whoever has unsubscribed, is written to already or has no address is left alone. ' +
    'The same request again begins nothing anew while the runs last.',
  request: { params: sequenceKey, body: { content: { 'application/json': { schema: body } }, required: true } },
  responses: {
    200: { description: 'What came of each', content: { 'application/json': { schema: started } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/sequences/{key}/runs. */
export function startRunsEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { leadIds, emails, rep: repKey, inCampaign, properties } = c.req.valid('json');
    const named: NamedLead[] = [...leadIds.map((leadId) => ({ leadId })), ...emails.map((email) => ({ email }))];
    const { people, loops } = await inTransaction(pool, async (tx) => {
      const sequence = await requireSequence(tx, c.req.valid('param').key);
      if (sequence.state !== 'live') throw new TendrilError('conflict', `Nothing can begin: the sequence is ${sequence.state}`);
      const rep = repKey === 'owner' ? null : await findRep(tx, repKey);
      if (repKey !== 'owner' && !rep?.active)
        throw new TendrilError('invalid', `There is no active rep '${repKey}'`, [
          { path: 'rep', reason: 'is no active rep', mend: 'name one of GET /v1/reps, or owner' },
        ]);
      const plan = await planOfVersion(tx, sequence.liveVersionId!);
      return startRuns(tx, {
        campaignId: sequence.id,
        versionId: sequence.liveVersionId!,
        firstStep: plan.first!,
        withCampaigns: plan.campaign.sequence!.withCampaigns,
        people: named,
        repId: rep?.id ?? null,
        inCampaign,
        properties,
        by: c.get('apiKey').name,
      });
    });
    loops.forEach(poke);
    return c.json(
      {
        started: people.filter(({ state }) => state === 'started').length,
        people: people.map((one, i) => ({ ...one, ...(i >= leadIds.length && { email: emails[i - leadIds.length] }) })),
      },
      200,
    );
  });
}
