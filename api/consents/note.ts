import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Pool } from 'pg';
import { askToConfirm } from '../../db/confirmations.ts';
import { type ConsentGround, consentGround, noteConsents } from '../../db/consents.ts';
import { topicStandings } from '../../db/consents-read.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { lockLeads, wakeLeads } from '../../db/wakes.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { topicOf } from '../../domain/consent/topics.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Loop } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { leadParam } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { shownStanding, standingSchema } from './schema.ts';

const body = z
  .strictObject({
    topic: z.string().min(1).max(200),
    granted: z.boolean(),
    basis: z
      .string()
      .min(1)
      .max(100)
      .default('express')
      .openapi({ description: 'What it rests on: express, confirmed, inquiry, purchase …' }),
    textVersion: z.string().min(1).max(200).optional(),
    expiresAt: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Left out: as long as the topic says' }),
    confirm: z.boolean().default(false).openapi({ description: 'Ask the person by mail to confirm it, instead of noting it' }),
    proof: z.record(z.string().max(100), z.unknown()).default({}).openapi({ description: 'How it can be shown: where, when, by whom' }),
  })
  .openapi('NewConsent');
type Body = z.infer<typeof body>;

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/leads/{lead}/consents',
  tags: ['Leads'],
  summary: 'Note what somebody said on a topic, in another system or on the telephone',
  description:
    'With its proof. What is known already is not noted again. It lifts neither an unsubscription from all marketing nor a complaint.',
  request: { params: leadParam, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'What holds on the topic now', content: { 'application/json': { schema: standingSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/leads/{idOrEmail}/consents. */
export function noteConsentEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const given = c.req.valid('json');
    const leadId = await requireLeadId(pool, c.req.valid('param').lead);
    const ground = await consentGround(pool);
    refuseFaults(given, ground);
    const source = `api:${c.get('apiKey').id}`;
    const loops = await inTransaction(pool, async (tx) => {
      await lockLeads(tx, [leadId]);
      return given.confirm ? askToConfirm(tx, source, [{ ...given, leadId }], ground) : note(tx, leadId, source, given, ground);
    });
    loops.forEach(poke);
    return c.json(await standing(pool, leadId, given.topic), 200);
  });
}

async function note(tx: Queryable, leadId: string, source: string, given: Body, ground: ConsentGround): Promise<Loop[]> {
  const { topic, granted, basis, textVersion, expiresAt, proof } = given;
  const until = granted && expiresAt !== undefined ? { expiresAt: new Date(expiresAt) } : {};
  const noted = await noteConsents(
    tx,
    source,
    [{ leadId, topic, granted, basis, textVersion: textVersion ?? null, proof, ...until }],
    ground,
  );
  if (noted.length === 0) return [];
  return wokenLoops(
    tx,
    await wakeLeads(tx, [leadId]),
    noted.map(({ slot }) => slot),
  );
}

function refuseFaults({ topic, granted, confirm, expiresAt }: Body, { document, now }: ConsentGround): void {
  const refuse = (path: string, reason: string, mend: string): never => {
    throw new TendrilError('invalid', `The body is not valid: ${path} ${reason}`, [{ path, reason, mend }]);
  };
  if (!topicOf(document, topic))
    refuse('topic', `there is no consent topic '${topic}'`, 'add it to topics.yaml, or name one that is there');
  if (confirm && !granted) refuse('confirm', 'is for what is granted', 'leave it out');
  if (expiresAt !== undefined && !granted) refuse('expiresAt', 'is for what is granted', 'leave it out');
  if (expiresAt !== undefined && new Date(expiresAt) <= now) refuse('expiresAt', 'is past', 'name a later moment');
}

async function standing(pool: Pool, leadId: string, topic: string) {
  return shownStanding((await topicStandings(pool, leadId)).find((one) => one.topic === topic)!);
}
