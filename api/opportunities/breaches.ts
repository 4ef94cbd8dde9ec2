import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type BreachView, listBreaches, promises } from '../../db/breaches.ts';
import { readCursor } from '../../db/keyset.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { nextCursor, pageQuery, testQuery } from '../leads/schema.ts';
import { problemResponses } from '../problem.ts';
import { named, repKey, yesNo } from './schema.ts';

const instant = z.iso.datetime();
const moment = z.iso.datetime({ offset: true }).transform((at) => new Date(at));

const breachSchema = z
  .object({
    id: z.uuid(),
    promise: z.enum(promises).openapi({ description: 'To answer an offer, to talk, to bring an outcome; or to look at a submission' }),
    opportunityId: z.uuid().nullable(),
    submissionId: z.uuid().nullable(),
    rep: named.openapi({ description: 'Whose promise it was; a submission is nobody’s' }),
    pool: z.string().nullable(),
    grade: z.string().nullable().openapi({ description: 'Whose ladder it climbed; null: everybody’s' }),
    since: instant.openapi({ description: 'Since when the clock ran' }),
    dueAt: instant.openapi({ description: 'When the promise was broken' }),
    endedAt: instant.nullable().openapi({ description: 'When what was awaited was done; null: not yet' }),
    withdrawnAt: instant.nullable().openapi({ description: 'When it turned out to have been kept after all' }),
    lateMs: z.number().openapi({ description: 'How long past its time it was, or is by now, by the wall clock' }),
    test: z.boolean(),
  })
  .openapi('Breach');

const route = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/opportunities/breaches',
  tags: ['Opportunities'],
  summary: 'Broken promises, the latest first',
  request: {
    query: z.object({
      from: moment.optional().openapi({ type: 'string', format: 'date-time', description: 'Broken at or after' }),
      to: moment.optional().openapi({ type: 'string', format: 'date-time', description: 'Broken before' }),
      rep: repKey.optional(),
      pool: z.string().max(100).optional().openapi({ description: 'Key of a pool' }),
      promise: z.enum(promises).optional(),
      open: yesNo.optional().openapi({ description: 'Only those where nobody has acted yet, or only the others' }),
      withdrawn: yesNo.optional().openapi({ description: 'Those that turned out to have been kept, too' }),
      test: testQuery,
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: 'One page',
      content: { 'application/json': { schema: z.object({ items: z.array(breachSchema), nextCursor }) } },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'invalid'),
  },
});

/** GET /v1/opportunities/breaches. */
export function listBreachesEndpoint(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, withdrawn = false, ...filter } = c.req.valid('query');
    const page = await listBreaches(pool, { ...filter, withdrawn }, limit, readCursor(cursor));
    return c.json({ items: page.items.map(shown), nextCursor: page.nextCursor }, 200);
  });
}

const shown = (one: BreachView): z.infer<typeof breachSchema> => ({
  ...one,
  since: one.since.toISOString(),
  dueAt: one.dueAt.toISOString(),
  endedAt: one.endedAt?.toISOString() ?? null,
  withdrawnAt: one.withdrawnAt?.toISOString() ?? null,
});
