import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { findRep } from '../../db/reps.ts';
import { TendrilError } from '../../domain/errors.ts';
import { touchAddress } from '../../messaging/inbound/address.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { repKey } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/reps/{rep}/touch-address',
  tags: ['Opportunities'],
  summary: 'The address a rep puts into the Bcc of a mail of their own',
  description:
    'So the mail counts as their talk, at the time it was sent. It is theirs for ever; only mail from the rep’s own address counts. There is none while INBOUND_DOMAIN is not set.',
  request: { params: z.object({ rep: repKey }) },
  responses: {
    200: {
      description: 'The address',
      content: { 'application/json': { schema: z.object({ rep: z.string(), address: z.string().nullable() }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

/** GET /v1/reps/{rep}/touch-address. */
export function touchAddressEndpoint(app: OpenAPIHono, { pool, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  app.openapi(route, async (c) => {
    const rep = await findRep(pool, c.req.valid('param').rep);
    if (!rep) throw new TendrilError('not_found', 'There is no such rep');
    const { TENDRIL_SECRET: secret, INBOUND_DOMAIN: domain } = config;
    return c.json({ rep: rep.key, address: domain ? touchAddress(secret!, rep.id, domain) : null }, 200);
  });
}
