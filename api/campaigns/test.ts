import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newestDocument, requireCampaign } from '../../db/campaigns.ts';
import { planOfDocument } from '../../db/plan.ts';
import { inTransaction } from '../../db/pool.ts';
import { queueTestMails } from '../../db/test-mails.ts';
import { deliveryOf } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { problemResponses } from '../problem.ts';
import { requireLinted } from './linting.ts';
import { campaignKey } from './schema.ts';

const body = z
  .strictObject({
    to: z.email().openapi({ description: 'Where the mails go' }),
    lead: z.string().max(320).optional().openapi({
      description: 'Address or id of the lead they are written for; left out: who came into the campaign last, else the newest lead',
    }),
    entry: z.record(z.string(), z.unknown()).optional().openapi({ description: 'What brought that lead in, for mails that speak of it' }),
  })
  .openapi('TestSend');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/test',
  tags: ['Campaigns'],
  summary: 'Send every mail of the newest version to one address',
  description:
    'As they would read for the lead, marked in the subject. They leave at once by the way on which mail to reps leaves: links are not counted, nobody’s consent is asked, and nothing of it is the lead’s.',
  request: { params: campaignKey, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    202: {
      description: 'Queued',
      content: {
        'application/json': {
          schema: z.object({
            leadId: z.uuid(),
            mails: z.array(z.object({ stepId: z.string(), template: z.string(), sendKey: z.string() })),
          }),
        },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/campaigns/{key}/test. */
export function testSendEndpoint(app: OpenAPIHono, { pool, templates, poke }: Pick<ApiDeps, 'pool' | 'templates' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { to, lead, entry = null } = c.req.valid('json');
    const { lanes, ...queued } = await inTransaction(pool, async (tx) => {
      const { id } = await requireCampaign(tx, c.req.valid('param').key);
      const { campaign } = await requireLinted(tx, templates, await newestDocument(tx, id));
      const leadId = lead === undefined ? null : await requireLeadId(tx, lead);
      return queueTestMails(tx, await planOfDocument(tx, campaign), id, { to, lead: leadId, entry });
    });
    deliveryOf(lanes).forEach(poke);
    return c.json(queued, 202);
  });
}
