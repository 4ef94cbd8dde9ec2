import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readClock } from '../../db/clock.ts';
import { wantDayMail } from '../../db/day/mail.ts';
import { readDays, type Some, type Waiting } from '../../db/day/read.ts';
import { inTransaction } from '../../db/pool.ts';
import { findRep } from '../../db/reps.ts';
import { boundsOfDay } from '../../domain/tasks/day.ts';
import { TendrilError } from '../../domain/errors.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { shownTask, taskSchema } from '../tasks/schema.ts';

const instant = z.iso.datetime();
const some = <S extends z.ZodType>(item: S, description: string) =>
  z.object({ total: z.int(), items: z.array(item) }).openapi({ description });
const lead = z.object({ id: z.uuid(), name: z.string() });
const waiting = z.object({
  id: z.uuid(),
  state: z.enum(['offered', 'accepted']),
  lead: lead.extend({ email: z.string().nullable(), phone: z.string().nullable() }),
  company: z.string().nullable(),
  since: instant,
  nextLookAt: instant,
  breached: z.boolean(),
  urgent: z.boolean(),
});
const draft = z.object({ id: z.uuid(), subject: z.string().nullable(), lead, company: z.string().nullable(), dueAt: instant });
const meeting = z.object({
  name: z.string(),
  lead,
  company: z.string().nullable(),
  startsAt: instant,
  location: z.string().nullable(),
});

const daySchema = z
  .object({
    rep: z.object({ key: z.string(), name: z.string(), timezone: z.string() }),
    date: z.iso.date(),
    overdue: some(taskSchema, 'Tasks that are due by now'),
    today: some(taskSchema, 'Tasks that are due later that day'),
    soon: some(taskSchema, 'Tasks of the seven days after it'),
    replies: some(taskSchema, 'People who wrote and whom nobody has answered yet'),
    offers: some(waiting, 'Offered to them, and not answered'),
    toTouch: some(waiting, 'Accepted by them, and not talked to'),
    drafts: some(draft, 'Mails of sequences to look through'),
    meetings: some(meeting, 'Booked for that day'),
    dayMail: z.boolean().openapi({ description: 'Whether they get it by mail in the morning' }),
  })
  .openapi('Day');

const params = z.object({ key: z.string().max(100) });

const read = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/reps/{key}/day',
  tags: ['Reps and pools'],
  summary: 'What a rep has to do on a day',
  description: 'The days are those of the rep’s own zone. Up to 200 of each kind, the most pressing first; `total` counts all.',
  request: { params, query: z.object({ date: z.iso.date().optional().openapi({ description: 'Left out: today' }) }) },
  responses: {
    200: { description: 'The day', content: { 'application/json': { schema: daySchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

const mail = createRoute({
  ...secured('write'),
  method: 'put',
  path: '/v1/reps/{key}/day-mail',
  tags: ['Reps and pools'],
  summary: 'Whether a rep gets their day by mail',
  description: 'At their opening hour on working days, when something waits for them. Nobody does before somebody says so.',
  request: { params, body: { required: true, content: { 'application/json': { schema: z.strictObject({ wanted: z.boolean() }) } } } },
  responses: {
    204: { description: 'So it is' },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

const LIMIT = 200;

const shownSome = <T, S>({ total, items }: Some<T>, show: (item: T) => S) => ({ total, items: items.map(show) });
const shownWaiting = ({ since, nextLookAt, epoch: _, ...rest }: Waiting) => ({
  ...rest,
  since: since.toISOString(),
  nextLookAt: nextLookAt.toISOString(),
});

/** GET /v1/reps/{key}/day and PUT /v1/reps/{key}/day-mail. */
export function dayEndpoints(app: OpenAPIHono, { pool }: Pick<ApiDeps, 'pool'>): void {
  app.openapi(read, async (c) => {
    const { key } = c.req.valid('param');
    const rep = await findRep(pool, key);
    if (!rep) throw new TendrilError('not_found', `There is no rep '${key}'`);
    const { now } = await readClock(pool);
    const bounds = boundsOfDay(now, rep.timezone, c.req.valid('query').date ?? null);
    const [day] = await readDays(pool, [{ repId: rep.id, bounds }], LIMIT);
    const { rows } = await pool.query<{ wanted: boolean }>('select day_look_at is not null as wanted from rep where id = $1', [rep.id]);
    return c.json(
      {
        rep: { key: rep.key, name: rep.name, timezone: rep.timezone },
        date: bounds.date,
        overdue: shownSome(day!.overdue, shownTask),
        today: shownSome(day!.today, shownTask),
        soon: shownSome(day!.soon, shownTask),
        replies: shownSome(day!.replies, shownTask),
        offers: shownSome(day!.offers, shownWaiting),
        toTouch: shownSome(day!.toTouch, shownWaiting),
        drafts: shownSome(day!.drafts, ({ dueAt, ...rest }) => ({ ...rest, dueAt: dueAt.toISOString() })),
        meetings: shownSome(day!.meetings, ({ startsAt, ...rest }) => ({ ...rest, startsAt: startsAt.toISOString() })),
        dayMail: rows[0]!.wanted,
      },
      200,
    );
  });

  app.openapi(mail, async (c) => {
    const { wanted } = c.req.valid('json');
    await inTransaction(pool, (tx) => wantDayMail(tx, c.req.valid('param').key, wanted));
    return c.body(null, 204);
  });
}
