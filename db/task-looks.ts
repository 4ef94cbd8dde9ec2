import { plus } from '../domain/calendar/duration.ts';
import { readClock } from './clock.ts';
import { isActive } from './enrolments.ts';
import { chooseReps } from './recipients.ts';
import { loadSla } from './sla.ts';
import type { Queryable } from './pool.ts';

/** How long after a reminder the next one comes. */
const AGAIN = '2bd';
/** Tasks in one look; the next comes in seconds. */
const BATCH = 500;

/**
 * The tasks whose owner is to be reminded now, before they are due (`soon`) or since they are: counts the reminder and says when the next one comes:
 * when it is due, after that in business days of the owner's zone. A task whose owner has left the firm goes to somebody else at once. Answers
 * their ids; the caller queues the mails.
 */
export async function dueReminders(tx: Queryable): Promise<{ soon: string[]; due: string[] }> {
  await handOverOrphans(tx);
  const { rows } = await tx.query<{ id: string; timezone: string; dueAt: Date }>(
    `select t.id, r.timezone, t.due_at as "dueAt" from task t join rep r on r.id = t.owner_rep_id
      where t.state = 'open' and t.next_look_at <= clock() order by t.id limit $1 for no key update of t skip locked`,
    [BATCH],
  );
  if (rows.length === 0) return { soon: [], due: [] };
  const { now } = await readClock(tx);
  const { work } = await loadSla(tx);
  const next = rows.map(({ timezone, dueAt }) => {
    if (dueAt > now) return dueAt;
    const { hours, holidays } = work({ hours: null, timezone });
    return plus(now, AGAIN, timezone, { hours, holidays });
  });
  await tx.query(
    `update task t set next_look_at = n.at, snoozed_until = null, reminders = least(t.reminders + 1, 30000) from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) where t.id = n.id`,
    [rows.map(({ id }) => id), next],
  );
  const idsOf = (some: typeof rows): string[] => some.map(({ id }) => id);
  return { soon: idsOf(rows.filter(({ dueAt }) => dueAt > now)), due: idsOf(rows.filter(({ dueAt }) => dueAt <= now)) };
}

/** Whoever is not active any more does nothing: what they had open goes to the lead's owner, else to the next in the pool, else to a manager. */
async function handOverOrphans(tx: Queryable): Promise<void> {
  const { rows } = await tx.query<{ id: string; leadId: string | null; accountId: string | null }>(
    `select t.id, t.lead_id as "leadId", t.account_id as "accountId" from task t join rep r on r.id = t.owner_rep_id
      where t.state = 'open' and not r.active and not exists (select from offboarding o where o.rep_id = r.id and o.state = 'running')
      order by t.id limit $1 for no key update of t skip locked`,
    [BATCH],
  );
  if (rows.length === 0) return;
  const owners = await chooseReps(
    tx,
    rows.map(({ leadId, accountId }) => ({ leadId, accountId, to: { who: 'owner' } })),
  );
  await tx.query(
    `with moved as (
       update task t set owner_rep_id = n.rep_id, handovers = t.handovers + 1, next_look_at = clock()
         from unnest($1::uuid[], $2::uuid[]) as n (id, rep_id), rep was where t.id = n.id and was.id = t.owner_rep_id
       returning t.id, t.title, t.lead_id, t.campaign_id, t.enrolment_id, t.step_id, n.rep_id, was.name)
     insert into journal (kind, lead_id, campaign_id, enrolment_id, step_id, because)
     select 'task_reassigned', m.lead_id, m.campaign_id, m.enrolment_id, m.step_id,
            jsonb_build_object('task', m.id, 'title', m.title, 'rep', r.id, 'name', r.name, 'from', m.name)
       from moved m join rep r on r.id = m.rep_id order by m.id`,
    [rows.map(({ id }) => id), owners],
  );
}

/** SQL: somebody of the company waits for the task `t` yet. */
const SHARED = `t.once and exists (
  select from lead l join enrolment o on o.lead_id = l.id
   where l.account_id = t.account_id and o.campaign_id = t.campaign_id and o.step_id = t.step_id and ${isActive('o')})`;

/**
 * Cancels tasks that nobody needs any more, since the enrolment that waited for them has left its campaign from there; one of a whole
 * company only when none of its people waits for it any more.
 */
export async function cancelMoot(tx: Queryable): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `select t.id from task t join enrolment e on e.id = t.enrolment_id
      where t.state = 'open' and t.awaited and e.state in ('exited', 'goal') and e.step_id = t.step_id and not (${SHARED})
      order by t.id limit $1 for no key update of t skip locked`,
    [BATCH],
  );
  if (rows.length === 0) return;
  // Asked once more under the lock: somebody may have come to share it between our look and the lock; from here on they wait for us.
  await tx.query(
    `with cancelled as (
       update task t set state = 'cancelled', closed_at = clock(), next_look_at = null, note = 'the lead has left the campaign'
        where t.id = any($1::uuid[]) and not (${SHARED}) returning t.*)
     insert into journal (kind, lead_id, campaign_id, enrolment_id, step_id, because)
     select 'task_cancelled', c.lead_id, c.campaign_id, c.enrolment_id, c.step_id,
            jsonb_build_object('task', c.id, 'title', c.title, 'name', r.name, 'by', 'campaign')
       from cancelled c join rep r on r.id = c.owner_rep_id order by c.id`,
    [rows.map(({ id }) => id)],
  );
}
