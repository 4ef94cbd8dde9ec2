import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { domainOf } from '../../domain/deliverability/domain-of.ts';
import { parseMailbox } from '../../messaging/message.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { readDeliverability } from './read.ts';
import { deliverabilitySchema } from './schema.ts';

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/deliverability',
  tags: ['Mail'],
  summary: 'What became of our mail, by provider and domain, and how our own domains stand',
  request: {
    query: z.object({
      days: z.coerce.number().int().min(1).max(31).default(7),
      top: z.coerce.number().int().min(1).max(200).default(20).openapi({ description: 'How many domains, those with most mails first' }),
    }),
  },
  responses: {
    200: { description: 'The figures', content: { 'application/json': { schema: deliverabilitySchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/deliverability. */
export function deliverabilityFiguresEndpoint(app: OpenAPIHono, { pool, config }: Pick<ApiDeps, 'pool' | 'config'>): void {
  const from = domainOf(parseMailbox(config.MAIL_FROM)!.address);
  app.openapi(route, async (c) => c.json(await readDeliverability(pool, { ...c.req.valid('query'), from }), 200));
}
