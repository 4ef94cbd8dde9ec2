import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { findByExternalId, nameKey } from '../../db/external-ids.ts';
import { upsertTold } from '../../db/lead-upserts.ts';
import { readLead } from '../../db/leads-read.ts';
import { inTransaction } from '../../db/pool.ts';
import { leadTold } from '../../domain/crm/lead.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import { batchAnswer, batchBody, externalParam, heardOne, outcome, shownHeard } from '../crm/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { leadDetailSchema, shownDetail } from './schema.ts';

const answer = z.object({ result: outcome, lead: leadDetailSchema });

const putRoute = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/leads/by/{system}/{externalId}',
  tags: ['Leads'],
  summary: 'Tell of a person by the id that another system has for them',
  description:
    'The id decides who is meant; one that is new is found by its email (without one, by its phone), or made. What is absent stays, null clears; attributes go one by one, tags are the ' +
    'whole list. Where the id is one lead and the email another, nothing is changed: 409 names both.',
  request: { params: externalParam, body: { required: true, content: { 'application/json': { schema: leadTold } } } },
  responses: {
    200: { description: 'What became of it, and the lead as it stands now', content: { 'application/json': { schema: answer } } },
    201: { description: 'A new lead', content: { 'application/json': { schema: answer } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

const getRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/leads/by/{system}/{externalId}',
  tags: ['Leads'],
  summary: 'The lead that another system knows by this id',
  request: { params: externalParam },
  responses: {
    200: { description: 'The lead', content: { 'application/json': { schema: leadDetailSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

const batchRoute = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/leads/batch',
  tags: ['Leads'],
  summary: 'Tell of many people by the ids that another system has for them',
  description: 'As PUT /v1/leads/by/{system}/{externalId}, up to 1,000 together.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: batchBody('PUT /v1/leads/by/{system}/{externalId}', {
            externalId: '0035g00000XyZ12AAF',
            email: 'mei@huadong.example',
            title: 'Buyer',
          }),
        },
      },
    },
  },
  responses: {
    200: { description: 'What became of each row', content: { 'application/json': { schema: batchAnswer } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** PUT and GET /v1/leads/by/{system}/{externalId}, POST /v1/leads/batch. */
export function upsertLeadEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(putRoute, async (c) => {
    const { system, externalId } = c.req.valid('param');
    const { heard, loops } = await inTransaction(pool, (tx) => upsertTold(tx, system, [{ externalId, told: c.req.valid('json') }]));
    const { result, id } = heardOne(heard);
    loops.forEach(poke);
    return c.json({ result, lead: shownDetail((await readLead(pool, id))!) }, result === 'created' ? 201 : 200);
  });
  app.openapi(getRoute, async (c) => {
    const name = c.req.valid('param');
    const id = (await findByExternalId(pool, 'lead', [name])).get(nameKey(name));
    const lead = id === undefined ? null : await readLead(pool, id);
    if (!lead) throw new TendrilError('not_found', 'There is no lead that this system knows by this id');
    return c.json(shownDetail(lead), 200);
  });
  app.openapi(batchRoute, async (c) => {
    const { system, items } = c.req.valid('json');
    const rows = items.map(({ externalId, ...row }) => ({ externalId, told: row }));
    const { heard, loops } = await inTransaction(pool, (tx) => upsertTold(tx, system, rows));
    loops.forEach(poke);
    return c.json(shownHeard(rows, heard), 200);
  });
}
