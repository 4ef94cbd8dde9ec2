import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { touch } from '../../db/answers.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer, requireRep } from './answering.ts';
import { repKey } from './schema.ts';

const route = answerRoute(
  'touch',
  'Somebody has really talked to them',
  'Ends the clock of the acceptance; the outcome is asked for from here on. Again whenever they have talked.',
  z.strictObject({
    rep: repKey.optional().openapi({ description: 'Who has talked to them; left out: the owner' }),
    at: z.iso.datetime({ offset: true }).optional().openapi({
      description: 'When, where it is told later: after the acceptance, and not to come. A promise broken only since then was kept',
    }),
    note: z.string().max(2_000).optional(),
  }),
);

/** POST /v1/opportunities/{id}/touch. */
export function touchEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep, at, note } = c.req.valid('json');
    const talk = { at: at ? new Date(at) : null, note };
    return c.json(await commitAnswer(deps, id, async (tx) => touch(tx, id, rep ? await requireRep(tx, rep) : null, talk)), 200);
  });
}
