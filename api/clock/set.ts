import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type Clock, jumpTo, lockClock, nextDue, readClock, setRate, setReal } from '../../db/clock.ts';
import { currentDocument } from '../../db/documents.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { sleepingLoops } from '../../db/sweep.ts';
import { calendarDocument, calendarOf } from '../../domain/calendar/calendar.ts';
import { duration, plus } from '../../domain/calendar/duration.ts';
import { parseRate } from '../../domain/clock/rate.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { clockSchema, shownClock } from './schema.ts';

const length = z.string().regex(/^\d{1,6}(s|m|h|d|w|mo|bd)$/, 'is not a duration such as 15m, 4h, 2d, 1w, 1mo or 2bd');

const changeSchema = z
  .strictObject({
    action: z.enum(['freeze', 'jump', 'rate', 'real']),
    by: length.optional().openapi({ description: 'jump: how far', example: '3d' }),
    to: z
      .union([z.literal('next'), z.iso.datetime({ offset: true })])
      .optional()
      .openapi({ description: 'jump: an instant, or `next` for the next due one' }),
    rate: z.string().max(50).optional().openapi({ description: 'rate: workspace time = real time, or a factor', example: '1d=10s' }),
  })
  .openapi('ClockChange');
type Change = z.infer<typeof changeSchema>;

const route = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/clock',
  tags: ['Clock'],
  summary: 'Freeze the clock, jump forward, or let it run at a rate',
  description:
    'For demos, rehearsals and tests; refused in production. The clock never goes back, except by `real` when it had run ahead. Every sleeping loop looks again at once.',
  request: { body: { content: { 'application/json': { schema: changeSchema } }, required: true } },
  responses: {
    200: { description: 'The clock as it runs now', content: { 'application/json': { schema: clockSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/clock. */
export function setClockEndpoint(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(route, async (c) => {
    if (config.TENDRIL_ENV === 'production') throw new TendrilError('forbidden', 'In production the clock is real time, always');
    const change = c.req.valid('json');
    checkParts(change);
    await inTransaction(pool, async (tx) => apply(tx, await lockClock(tx), change));
    for (const loop of await sleepingLoops(pool)) poke(loop);
    return c.json(shownClock(await readClock(pool), await nextDue(pool)), 200);
  });
}

/** What belongs to another action is a mistake, not noise. */
function checkParts({ action, by, to, rate }: Change): void {
  const wrong = (path: string, reason: string, mend: string): never => {
    throw new TendrilError('invalid', `The body is not valid: ${path}: ${reason}`, [{ path, reason, mend }]);
  };
  if (action === 'jump' && (by === undefined) === (to === undefined))
    wrong('by', 'a jump needs either `by` or `to`', '{ "action": "jump", "by": "3d" }');
  if (action !== 'jump' && (by ?? to) !== undefined) wrong(by === undefined ? 'to' : 'by', `does not go with '${action}'`, 'leave it out');
  if (action === 'rate' && (rate === undefined || parseRate(rate) === null)) {
    wrong('rate', 'is not a rate: write workspace time = real time, at most 1000000', '{ "action": "rate", "rate": "1d=10s" }');
  }
  if (action !== 'rate' && rate !== undefined) wrong('rate', `does not go with '${action}'`, 'leave it out');
}

async function apply(tx: Queryable, { now }: Clock, change: Change): Promise<void> {
  switch (change.action) {
    case 'freeze':
      return setRate(tx, 0);
    case 'rate':
      return setRate(tx, parseRate(change.rate!)!);
    case 'real':
      return setReal(tx);
    case 'jump':
      return jumpTo(tx, await target(tx, now, change));
  }
}

/** Campaigns are planned in years, not millennia; beyond this date instants stop fitting everywhere. */
const LAST_YEAR = 2200;

async function target(tx: Queryable, now: Date, { by, to }: Change): Promise<Date> {
  const at = to === 'next' ? await nextDue(tx) : to !== undefined ? new Date(to) : await after(tx, now, by!);
  if (at === null) throw new TendrilError('conflict', 'Nothing falls due: there is no next instant to jump to');
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() > LAST_YEAR) {
    const reason = `goes beyond the year ${LAST_YEAR}`;
    throw new TendrilError('invalid', `The body is not valid: the jump ${reason}`, [
      { path: to === undefined ? 'by' : 'to', reason, mend: 'jump less far' },
    ]);
  }
  return at;
}

/** Days are days of the workspace's own zone, business days those of its calendar. */
async function after(tx: Queryable, now: Date, by: string): Promise<Date> {
  const length = duration.safeParse(by);
  if (!length.success) return new Date(Number.NaN);
  const stored = await currentDocument(tx, 'calendar');
  const document = calendarDocument.parse(stored?.body ?? {});
  const { rows } = await tx.query<{ timezone: string; country: string }>('select timezone, country from workspace');
  try {
    return plus(now, length.data, document.timezone ?? rows[0]!.timezone, calendarOf(document, rows[0]!.country));
  } catch (error) {
    if (error instanceof RangeError) return new Date(Number.NaN);
    throw error;
  }
}
