import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { tryRouting } from '../../db/routing/trying.ts';
import { loadSurroundings } from '../../db/surroundings.ts';
import { secured } from '../auth.ts';
import { findingSchema } from '../campaigns/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireRouting } from './linting.ts';
import { givenDocument } from './schema.ts';

const DAY = 86_400_000;

const goal = z.object({ rule: z.string(), rep: z.string().optional(), pool: z.string() });
const shares = z.array(z.object({ key: z.string(), before: z.int(), after: z.int() }));

const answer = z
  .object({
    since: z.iso.datetime(),
    looked: z.int().openapi({ description: 'How many opportunities were opened in the time' }),
    changed: z.int().openapi({ description: 'How many would go elsewhere' }),
    complete: z.boolean().openapi({ description: 'False when there were more than are looked at (50,000)' }),
    moves: z.array(z.object({ from: goal, to: goal, count: z.int() })),
    rules: shares.openapi({ description: 'How many each rule would have decided, by the present rules and by the others' }),
    pools: shares,
    reps: shares.openapi({ description: 'Those who would have got it by name; the rotation is not counted' }),
    sample: z.array(
      z.object({
        opportunityId: z.uuid(),
        leadId: z.uuid(),
        email: z.string().nullable(),
        before: z.string(),
        after: z.string(),
        facts: z.array(z.string()),
      }),
    ),
    note: z.string(),
    warnings: z.array(findingSchema),
  })
  .openapi('RoutingTrial');

const NOTE =
  'Leads and accounts are looked at as they are today. Who had the account, or another opportunity of it, is as it was noted when each was routed; of those from before routing there is only today’s owner.';

const route = createRoute({
  ...secured('read'),
  method: 'post',
  path: '/v1/routing/try',
  tags: ['Routing'],
  summary: 'Try a change of the rules over what was handed over lately',
  description:
    'Each opportunity of the last days is routed by the rules in force and by these; nothing is written, nobody is told. Tests are left out.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ document: givenDocument, days: z.int().min(1).max(366).default(30) }).openapi('RoutingToTry'),
        },
      },
    },
  },
  responses: {
    200: { description: 'What would have gone elsewhere, and why', content: { 'application/json': { schema: answer } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/routing/try. */
export function tryRoutingEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { document: given, days } = c.req.valid('json');
    const { document, warnings } = await requireRouting(pool, given);
    const { now } = await loadSurroundings(pool);
    const since = new Date(now.getTime() - days * DAY);
    return c.json({ since: since.toISOString(), ...(await tryRouting(pool, document, since)), note: NOTE, warnings }, 200);
  });
}
