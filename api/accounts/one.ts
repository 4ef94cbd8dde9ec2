import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readAccount } from '../../db/accounts-read.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { opportunitySummary } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { accountSchema, shownAccount } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/accounts/{id}',
  tags: ['Accounts'],
  summary: 'One company and its opportunities',
  description: 'Its people: GET /v1/leads?account={id}.',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: {
      description: 'The account',
      content: {
        'application/json': { schema: accountSchema.extend({ opportunities: z.array(opportunitySummary) }).openapi('AccountDetail') },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/accounts/{id}. */
export function readAccountEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const account = await readAccount(pool, c.req.valid('param').id);
    if (!account) throw new TendrilError('not_found', 'There is no such account');
    return c.json(shownAccount(account), 200);
  });
}
