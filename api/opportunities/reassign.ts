import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { reassign } from '../../db/rejections.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer, requireRep } from './answering.ts';
import { repKey } from './schema.ts';

const route = answerRoute(
  'reassign',
  'Give it to somebody else, by hand',
  'To the rep named, or to whoever the rotation says next. It goes through the queue, first in line; links of earlier mails are worth nothing from here on.',
  z.strictObject({ rep: repKey.optional() }),
);

/** POST /v1/opportunities/{id}/reassign. */
export function reassignEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { rep } = c.req.valid('json');
    return c.json(await commitAnswer(deps, id, async (tx) => reassign(tx, id, rep ? await requireRep(tx, rep) : null)), 200);
  });
}
