import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { snooze } from '../../db/snooze.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer, requireRep } from './answering.ts';
import { laterDate, repKey } from './schema.ts';

const route = answerRoute(
  'snooze',
  'Put it off until a date',
  'Until then its ladder stands still; then its rep hears of it, and the ladder begins anew. How far and how often is in the SLA document. Who puts off what is only offered to them has accepted it with that.',
  z.strictObject({
    until: laterDate.openapi({ description: "A date: the rep's first working hour from then on; or an instant" }),
    reason: z.string().trim().min(1).max(500),
    rep: repKey.optional().openapi({ description: 'Who puts it off; it must then be theirs. Needed while it is only offered' }),
  }),
);

/** POST /v1/opportunities/{id}/snooze. */
export function snoozeEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { until, reason, rep } = c.req.valid('json');
    const wish = { until, reason };
    return c.json(await commitAnswer(deps, id, async (tx) => snooze(tx, id, wish, rep ? { rep: await requireRep(tx, rep) } : null)), 200);
  });
}
