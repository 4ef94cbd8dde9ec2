import { dateAt } from '../domain/calendar/zoned.ts';
import { TendrilError } from '../domain/errors.ts';
import { readClock } from './clock.ts';
import type { Queryable } from './pool.ts';

/** A rep's letters of today. */
export interface RepDay {
  rep: string;
  limit: number;
  own: boolean;
  left: number;
  waiting: number;
}

/** How a rep's day stands, by their key and in their zone. Throws `not_found`. */
export async function dayOf(tx: Queryable, key: string): Promise<RepDay> {
  const { rows: reps } = await tx.query<{ id: string; timezone: string; limit: number; own: boolean }>(
    `select r.id, r.timezone, coalesce(r.personal_mails_a_day, w.personal_mails_a_day) as "limit", r.personal_mails_a_day is not null as own
       from rep r, workspace w where r.key = $1`,
    [key],
  );
  const rep = reps[0];
  if (!rep) throw new TendrilError('not_found', `There is no rep '${key}'`);
  const { now } = await readClock(tx);
  const { rows } = await tx.query<{ left: number; waiting: number }>(
    `select (select count(*)::int from thread_mail t join send s on s.id = t.send_id
              where t.rep_id = $1 and t.day = $2 and s.state in ('in_flight', 'accepted', 'unknown')) as left,
            (select count(*)::int from send where class = 'personal' and rep_id = $1 and settled_at is null and state = 'queued'
                and (due_at <= (select clock()) or reason = 'held: rep_limit')) as waiting`,
    [rep.id, dateAt(now, rep.timezone)],
  );
  return { rep: key, limit: rep.limit, own: rep.own, ...rows[0]! };
}

/** Says how many letters of a rep leave a day; null: as many as the workspace says. Those that wait for their day ask anew. Throws `not_found`. */
export async function setDayLimit(tx: Queryable, key: string, limit: number | null): Promise<void> {
  const { rows } = await tx.query<{ id: string }>('update rep set personal_mails_a_day = $2 where key = $1 returning id', [key, limit]);
  if (!rows[0]) throw new TendrilError('not_found', `There is no rep '${key}'`);
  await tx.query(
    `update send set due_at = clock() where class = 'personal' and rep_id = $1 and settled_at is null and state = 'queued' and reason = 'held: rep_limit' and due_at > clock()`,
    [rows[0].id],
  );
}
