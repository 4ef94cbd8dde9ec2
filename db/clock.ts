import { TendrilError } from '../domain/errors.ts';
import type { Queryable } from './pool.ts';

export interface Clock {
  /** Workspace time. */
  now: Date;
  real: Date;
  /** Workspace seconds per real second; 0 stands still. */
  rate: number;
}

/** What time it is in the workspace, and how fast it passes. */
export async function readClock(tx: Queryable): Promise<Clock> {
  const { rows } = await tx.query<Clock>('select clock() as now, now() as real, clock_rate as rate from workspace');
  return rows[0]!;
}

/** The same, holding the clock: nobody else sets it until this transaction ends. */
export async function lockClock(tx: Queryable): Promise<Clock> {
  const { rows } = await tx.query<Clock>(`select ${present} as now, now() as real, clock_rate as rate from workspace for update`);
  return rows[0]!;
}

/** Lets the clock run at another rate from here on, without a step; 0 freezes it. Call it under `lockClock`. */
export async function setRate(tx: Queryable, rate: number): Promise<void> {
  await tx.query(
    `update workspace set clock_anchor_at = ${present}, clock_anchor_real = greatest(now(), clock_anchor_real), clock_rate = $1`,
    [rate],
  );
}

/**
 * Moves the clock forward to an instant; its rate stays. Call it under `lockClock`. Throws `conflict` for an instant that is
 * past: what has happened cannot be before now.
 */
export async function jumpTo(tx: Queryable, to: Date): Promise<void> {
  const { rowCount } = await tx.query(
    `update workspace set clock_anchor_at = $1, clock_anchor_real = greatest(now(), clock_anchor_real) where $1::timestamptz >= ${present}`,
    [to],
  );
  if (rowCount === 0)
    throw new TendrilError('conflict', 'The clock only goes forward: that instant is past. Use `real` to come back to real time.');
  await tx.query('select ensure_partitions(4)');
}

/** Back to real time: the one change that may go backwards, if the clock had run ahead, which is noted. Call it under `lockClock`. */
export async function setReal(tx: Queryable): Promise<void> {
  await tx.query(
    `insert into clock_setback (at_real, back_from, back_to) select now(), ${present}, now() from workspace where ${present} > now()`,
  );
  await tx.query("update workspace set clock_anchor_at = 'epoch', clock_anchor_real = 'epoch', clock_rate = 1");
}

/** As clock() computes it, from the row being updated, so that two changes at once still make one line. */
const present =
  'clock_anchor_at + make_interval(secs => greatest(extract(epoch from now() - clock_anchor_real), 0)::double precision * clock_rate)';

/**
 * The next instant at which something falls due, or null when nothing will: the millisecond by which it has, for a clock that is set to it.
 * What is overdue already, paused or stopped does not count: it waits for somebody, not for time.
 */
export async function nextDue(tx: Queryable): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(
    `select date_trunc('milliseconds', min(at) + interval '999 microseconds') as at from (
       select min(soonest.at) as at from campaign c, lateral (
          select e.due_at as at from enrolment e
           where e.campaign_id = c.id and e.state = 'active' and e.due_at > clock() order by e.due_at limit 1) soonest
        where c.state = 'live'
       union all select min(soonest.at) from campaign c, lateral (
          select k.due_at as at from candidate k where k.campaign_id = c.id and k.due_at > clock() order by k.due_at limit 1) soonest
        where c.state = 'live'
       union all select min(due_at) from lead_score where due_at > clock()
       union all select min(soonest.at) from campaign c, lateral (
          select a.due_at as at from appointment a where a.campaign_id = c.id and a.state = 'armed' and a.due_at > clock() order by a.due_at limit 1) soonest
        where c.state = 'live'
       union all select min(due_at) from kept_segment where due_at > clock()
       union all select min(s.due_at) from send s, workspace w where s.state = 'queued' and s.due_at > clock() and w.sending_stopped_at is null
       union all (select c.due_at from outgoing_call c, workspace w
                   where c.state = 'queued' and c.due_at > clock() and w.sending_stopped_at is null order by c.due_at limit 1)
       union all (select due_at from consent_due where due_at > clock() order by due_at limit 1)
       union all (select next_look_at from task where state = 'open' and next_look_at > clock() order by next_look_at limit 1)
       union all (select next_look_at from draft where state = 'open' and next_look_at > clock() order by next_look_at limit 1)
       union all (select due_at from callback where state = 'armed' and due_at > clock() order by due_at limit 1)
       union all (select day_look_at from rep where day_look_at > clock() order by day_look_at limit 1)
       union all (select next_look_at from opportunity where next_look_at > clock() order by next_look_at limit 1)
       union all (select review_due_at from submission where state = 'review' and escalated_at is null and review_due_at > clock()
                   order by review_due_at limit 1)
       union all (select review_look_at from submission where state = 'review' and review_look_at > clock() order by review_look_at limit 1)) due`,
  );
  return rows[0]!.at;
}

/** The instant itself, not the transaction's beginning: it is later than whatever we waited for. */
export const INSTANT = `(select clock_anchor_at + make_interval(secs => extract(epoch from clock_timestamp() - clock_anchor_real)::float8 * clock_rate) from workspace)`;
