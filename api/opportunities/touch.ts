import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { touch } from '../../db/answers.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer, requireRep } from './answering.ts';
import { repKey } from './schema.ts';

const route = answerRoute(
  'touch',
  'Somebody has really talked to them',
  'Ends the clock of the acceptance; the outcome is asked for from here on. Again whenever they have talked.',
  z.strictObject({ rep: repKey.optional().openapi({ description: 'Who has talked to them; left out: the owner' }) }),
);

/** POST /v1/opportunities/{id}/touch. */
export function touchEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep } = c.req.valid('json');
    return c.json(await commitAnswer(deps, id, async (tx) => touch(tx, id, rep ? await requireRep(tx, rep) : null)), 200);
  });
}
