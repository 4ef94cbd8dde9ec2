import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readClock } from '../../db/clock.ts';
import { pauseLead, resumeLead } from '../../db/lead-pause.ts';
import { readLead } from '../../db/leads-read.ts';
import { inTransaction } from '../../db/pool.ts';
import { endPausesOfLead } from '../../db/reply-pause.ts';
import type { Woken } from '../../db/wakes.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { requireLeadId } from './find.ts';
import { leadDetailSchema, leadParam, shownDetail } from './schema.ts';

const body = z
  .strictObject({
    until: z.iso
      .datetime({ offset: true })
      .optional()
      .openapi({ description: 'When marketing goes on by itself; left out: when it is resumed', example: '2026-12-01T09:00:00Z' }),
  })
  .openapi('LeadPause');

const answers = {
  200: { description: 'The lead, as it stands now', content: { 'application/json': { schema: leadDetailSchema } } },
  ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
};

const pause = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/leads/{lead}/pause',
  tags: ['Leads'],
  summary: 'Stop marketing to one person for a while',
  description:
    'Marketing mail waits, and the journal says so; the clocks of its campaigns run on. Confirmations and other transactional mail go.',
  request: { params: leadParam, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: answers,
});

const resume = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/leads/{lead}/resume',
  tags: ['Leads'],
  summary: 'Marketing to a paused person goes on',
  description: 'Campaigns that wait for what came of an answer of theirs go on, too; the task stays open.',
  request: { params: leadParam },
  responses: answers,
});

/** POST /v1/leads/{idOrEmail}/pause and /resume. */
export function leadPauseEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  async function shownAfter(leadId: string, woken: readonly Woken[]) {
    for (const loop of await wokenLoops(pool, woken)) poke(loop);
    return shownDetail((await readLead(pool, leadId))!);
  }

  app.openapi(pause, async (c) => {
    const leadId = await requireLeadId(pool, c.req.valid('param').lead);
    const { until } = c.req.valid('json');
    const end = until === undefined ? null : new Date(until);
    if (end && end <= (await readClock(pool)).now)
      throw new TendrilError('invalid', 'The body is not valid: until is past', [
        { path: 'until', reason: 'is past', mend: 'name a later moment' },
      ]);
    return c.json(await shownAfter(leadId, await inTransaction(pool, (tx) => pauseLead(tx, leadId, end))), 200);
  });

  app.openapi(resume, async (c) => {
    const leadId = await requireLeadId(pool, c.req.valid('param').lead);
    const resumed = await inTransaction(pool, async (tx) => {
      const paused = await resumeLead(tx, leadId);
      const released = await endPausesOfLead(tx, leadId);
      return paused || released.length > 0 ? [...(paused ?? []), ...released] : null;
    });
    if (!resumed) throw new TendrilError('conflict', 'Marketing to this lead is not paused.');
    poke({ kind: 'delivery', lane: 'marketing' });
    return c.json(await shownAfter(leadId, resumed), 200);
  });
}
