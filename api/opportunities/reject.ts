import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { reject } from '../../db/rejections.ts';
import type { ApiDeps } from '../deps.ts';
import { answerRoute, commitAnswer, requireRep } from './answering.ts';
import { laterDate, repKey } from './schema.ts';

const route = answerRoute(
  'reject',
  'Sales says no, with a reason',
  'What follows stands with the reason in the qualification standard: recycled until a date, back to marketing, disqualified, or offered to somebody else.',
  z.strictObject({
    reason: z.string().min(1).max(100).openapi({ description: 'Key of a reason of the qualification standard', example: 'not_now' }),
    resumeOn: laterDate
      .optional()
      .openapi({ description: "For a reason that recycles: when to come back, instead of the standard's own time" }),
    note: z.string().max(2_000).optional(),
    rep: repKey.optional().openapi({ description: 'Who rejects; it must then be theirs' }),
  }),
);

/** POST /v1/opportunities/{id}/reject. */
export function rejectEndpoint(app: OpenAPIHono, deps: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { reason, resumeOn, note, rep } = c.req.valid('json');
    const rejection = { reason, note, resumeOn: resumeOn ? new Date(resumeOn) : null };
    return c.json(
      await commitAnswer(deps, id, async (tx) => reject(tx, id, rejection, rep ? { rep: await requireRep(tx, rep) } : null)),
      200,
    );
  });
}
