import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { accept } from '../../db/answers.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer, requireRep } from './answering.ts';
import { repKey } from './schema.ts';

const route = answerRoute(
  'accept',
  'A salesperson takes the opportunity',
  'The rep it is offered to, or the second one who was asked. It happens once: whoever comes later gets 409 and learns who has it.',
  z.strictObject({ rep: repKey }),
);

/** POST /v1/opportunities/{id}/accept. */
export function acceptEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep } = c.req.valid('json');
    return c.json(await commitAnswer(deps, id, async (tx) => accept(tx, id, { rep: await requireRep(tx, rep) })), 200);
  });
}
