import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { addSuppression } from '../../db/suppressions.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { addressOf, shownSuppression, suppressionSchema } from './schema.ts';
import { suppressionKinds } from '../../domain/suppressions/file.ts';

const body = z.strictObject({
  address: z.string().max(320),
  kind: z.enum(suppressionKinds).default('manual'),
  scope: z.enum(['marketing', 'all']).default('marketing'),
});

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/suppressions',
  tags: ['Mail'],
  summary: 'Mail an address no more',
  description: 'Holds at once, for what is queued too. A second time changes nothing, but a wider scope wins.',
  request: { body: { content: { 'application/json': { schema: body } }, required: true } },
  responses: {
    200: { description: 'The suppression in force', content: { 'application/json': { schema: suppressionSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/suppressions. */
export function addSuppressionEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { address, kind, scope } = c.req.valid('json');
    const one = { address: addressOf(address), kind, scope, source: `api:${c.get('apiKey').id}` };
    const { suppression, loops } = await inTransaction(pool, async (tx) => {
      const added = await addSuppression(tx, one);
      return { ...added, loops: await wokenLoops(tx, added.woken, added.slots) };
    });
    loops.forEach(poke);
    return c.json(shownSuppression(suppression), 200);
  });
}
