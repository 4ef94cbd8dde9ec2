import type { Queryable } from './pool.ts';

/**
 * The rules have changed: every mail that a gate made wait asks again, at once, and every place in a line is forgotten. Poke the lanes after the commit. What has gone
 * stays counted.
 */
export async function askGatesAgain(tx: Queryable): Promise<void> {
  await lockAll(tx);
  await tx.query(
    `with again as (delete from held_mail where held_by is not null returning send_id)
     update send s set due_at = clock() from again where s.id = again.send_id and s.settled_at is null and s.state = 'queued' and s.due_at > clock()`,
  );
  await tx.query(`update warm_up_day set promised = 0, priority = null where promised > 0`);
  await tx.query(`update sending_gate set booked_until = null, booked_priority = null where booked_until is not null`);
}

/** Marketing from the domain goes on: what waited for that asks again at once. */
export async function releasePaused(tx: Queryable, domain: string): Promise<void> {
  await tx.query(
    `with again as (delete from held_mail where sender_domain = $1 and held_by = 'domain_paused' and not gone returning send_id)
     update send s set due_at = clock() from again where s.id = again.send_id and s.settled_at is null and s.state = 'queued' and s.due_at > clock()`,
    [domain],
  );
}

/** How many of its mails one look forgets. */
const AT_ONCE = 20_000;

/**
 * Forgets what was kept for mails that have ended since (cancelled, too late, sent), and counts the lines anew, so that a place whose mail will never
 * come is somebody else's. Nothing to do, it is one look at an empty table.
 */
export async function tidyHeldMail(tx: Queryable): Promise<void> {
  const { rows } = await tx.query<{ some: boolean }>('select exists (select from held_mail) as some');
  if (!rows[0]!.some) return;
  const { rowCount } = await tx.query(
    `delete from held_mail where send_id in (
       select h.send_id from held_mail h left join send s on s.id = h.send_id
        where s.id is null or (s.settled_at is not null and (not h.gone or h.day < (select clock())::date - 2)) limit ${AT_ONCE})`,
  );
  if (!rowCount) return;
  await lockAll(tx);
  await tx.query(
    `update warm_up_day d set promised = coalesce(p.n, 0), priority = p.priority
       from warm_up_day o
       left join lateral (
         select count(*)::int as n, max(s.priority) as priority from held_mail h join send s on s.id = h.send_id
          where h.sender_domain = o.domain and h.day = o.day and not h.gone and h.held_by is not null) p on true
      where d.domain = o.domain and d.day = o.day and o.promised <> coalesce(p.n, 0)`,
  );
  await tx.query(
    `with lines as (select rate, max(due_at) as until from held_mail where held_by = 'provider_throttle' group by rate)
     update sending_gate g set booked_until = l.until, booked_priority = case when l.until is not null then g.booked_priority end
       from sending_gate o left join lines l on o.key = 'rate:' || l.rate
      where g.key = o.key and o.booked_until > coalesce(l.until, '-infinity')`,
  );
}

/** Whoever changes a rule waits for those who depart under it, and they for the change: take it before the change is read or written. */
export async function lockRules(tx: Queryable): Promise<void> {
  await tx.query(`select from sending_gate where key = 'rules' for update`);
}

/** The gates are few: whoever counts their lines anew holds them all, in the order in which departing batches take them. */
async function lockAll(tx: Queryable): Promise<void> {
  await lockRules(tx);
  await tx.query(`select from sending_gate where key <> 'rules' order by key for no key update`);
}
