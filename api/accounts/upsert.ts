import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { upsertAccounts } from '../../db/account-upserts.ts';
import { readAccount } from '../../db/accounts-read.ts';
import { findByExternalId, nameKey } from '../../db/external-ids.ts';
import { inTransaction } from '../../db/pool.ts';
import { accountTold } from '../../domain/crm/account.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import { batchAnswer, batchBody, externalParam, heardOne, outcome, shownHeard } from '../crm/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { accountSchema, shownAccount } from './schema.ts';

const answer = z.object({ result: outcome, account: accountSchema });

const putRoute = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/accounts/by/{system}/{externalId}',
  tags: ['Accounts'],
  summary: 'Tell of a company by the id that another system has for it',
  description:
    'The id decides which is meant; one that is new is found by its domain, or made. What is absent stays, null clears; attributes go one by one. Where the id is one account and the ' +
    'domain another, nothing is changed: 409 names both.',
  request: { params: externalParam, body: { required: true, content: { 'application/json': { schema: accountTold } } } },
  responses: {
    200: { description: 'What became of it, and the account as it stands now', content: { 'application/json': { schema: answer } } },
    201: { description: 'A new account', content: { 'application/json': { schema: answer } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

const getRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/accounts/by/{system}/{externalId}',
  tags: ['Accounts'],
  summary: 'The account that another system knows by this id',
  request: { params: externalParam },
  responses: {
    200: { description: 'The account', content: { 'application/json': { schema: accountSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

const batchRoute = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/accounts/batch',
  tags: ['Accounts'],
  summary: 'Tell of many companies by the ids that another system has for them',
  description: 'As PUT /v1/accounts/by/{system}/{externalId}, up to 1,000 together.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: batchBody('PUT /v1/accounts/by/{system}/{externalId}', {
            externalId: '0015g00000AbC34AAD',
            domain: 'huadong.example',
            owner: 'ana',
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

/** PUT and GET /v1/accounts/by/{system}/{externalId}, POST /v1/accounts/batch. */
export function upsertAccountEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(putRoute, async (c) => {
    const { system, externalId } = c.req.valid('param');
    const { heard, loops } = await inTransaction(pool, (tx) => upsertAccounts(tx, system, [{ externalId, told: c.req.valid('json') }]));
    const { result, id } = heardOne(heard);
    loops.forEach(poke);
    const { opportunities: _, ...account } = (await readAccount(pool, id))!;
    return c.json({ result, account: shownAccount(account) }, result === 'created' ? 201 : 200);
  });
  app.openapi(getRoute, async (c) => {
    const name = c.req.valid('param');
    const id = (await findByExternalId(pool, 'account', [name])).get(nameKey(name));
    const found = id === undefined ? null : await readAccount(pool, id);
    if (!found) throw new TendrilError('not_found', 'There is no account that this system knows by this id');
    const { opportunities: _, ...account } = found;
    return c.json(shownAccount(account), 200);
  });
  app.openapi(batchRoute, async (c) => {
    const { system, items } = c.req.valid('json');
    const rows = items.map(({ externalId, ...row }) => ({ externalId, told: row }));
    const { heard, loops } = await inTransaction(pool, (tx) => upsertAccounts(tx, system, rows));
    loops.forEach(poke);
    return c.json(shownHeard(rows, heard), 200);
  });
}
