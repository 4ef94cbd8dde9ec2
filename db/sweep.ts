import { GRACE_MS } from '../domain/delivery/ledger.ts';
import type { Loop } from '../domain/loops.ts';
import type { Queryable } from './pool.ts';

/** A loop with something due. `overdueMs` is real time: a frozen clock that jumped leaves nothing overdue. */
export interface DueLoop {
  loop: Loop;
  overdueMs: number;
}

/** How many cases one sweep names: the urgent first, then those that have waited longest. */
const CASES = 500;
/** How many runs of sequences: as many as are poked until the next sweep. */
const RUNS = 150;

/** The workspace's slot ranges, both ends included. */
const RANGES = 'select low, low + 256 / ranges - 1 as high from workspace, generate_series(0, 255, 256 / ranges) as low';

/**
 * Every loop that has something to do now, in one statement: due or woken enrolments and candidates of live campaigns, leads to
 * score, segments to look through, mails to send or claims that ran out, opportunities to look after. What is paused or stopped is not due.
 */
export async function dueLoops(tx: Queryable): Promise<DueLoop[]> {
  const { rows } = await tx.query<{ kind: Loop['kind']; id: string | null; from: number; to: number; overdueMs: number }>(
    `with now as (select clock() as at, clock_anchor_real as anchor, clock_rate as rate, sending_stopped_at from workspace),
     range as (${RANGES}),
     found as (
       select 'nurture' as kind, c.id::text as id, r.low, r.high, first.due_at, first.at_real
         from campaign c cross join range r cross join now cross join lateral (
           select min(f.due_at) as due_at, min(f.at_real) as at_real from (
             (select e.due_at, null::timestamptz as at_real from enrolment e
               where e.campaign_id = c.id and e.state = 'active' and e.due_at <= now.at and e.slot between r.low and r.high
               order by e.due_at limit 1)
             union all
             (select coalesce(a.due_at, a.made_at), null from appointment a
               where r.low = 0 and a.campaign_id = c.id and a.state = 'armed' and (a.due_at is null or a.due_at <= now.at)
               order by a.due_at nulls first limit 1)
             union all
             (select null, w.at_real from wake w where w.campaign_id = c.id and w.slot between r.low and r.high
               order by w.campaign_id, w.slot, w.id limit 1)
             union all
             (select k.due_at, null from candidate k
               where k.campaign_id = c.id and k.slot between r.low and r.high and k.due_at <= now.at
                 and (not k.needs_score or not exists (select from score_wake s where s.lead_id = k.lead_id))
               order by k.due_at limit 1)
             union all
             (select k.at, null from candidate k
               where k.campaign_id = c.id and k.slot between r.low and r.high and k.due_at is null
                 and (not k.needs_score or not exists (select from score_wake s where s.lead_id = k.lead_id))
               order by k.campaign_id, k.slot, k.id limit 1)) f) first
        where c.state = 'live' and c.kind = 'campaign'
       union all
       select 'scoring', null, r.low, r.high, first.due_at, null
         from range r cross join now cross join lateral (
           select min(f.at) as due_at from (
             (select s.at from score_wake s where s.slot between r.low and r.high order by s.slot, s.id limit 1)
             union all
             (select l.due_at from lead_score l where l.slot between r.low and r.high and l.due_at <= now.at
               order by l.due_at limit 1)) f) first
       union all
       select 'delivery', l.key, 0, 0, first.due_at, first.at_real
         from lane l cross join now cross join lateral (
           select min(f.due_at) as due_at, min(f.at_real) as at_real from (
             (select s.due_at, null::timestamptz as at_real from send s
               where s.lane = l.key and s.settled_at is null and s.state = 'queued' and s.due_at <= now.at
                 and now.sending_stopped_at is null and l.stopped_reason is null and coalesce(l.held_until_real <= now(), true)
                 and not exists (select from campaign c where c.id = s.campaign_id and c.state = 'paused')
               limit 1)
             union all
             (select null, c.until_real from departure c
               where c.lane = l.key and c.until_real < now() - make_interval(secs => $2::float8 / 1000)
               order by c.until_real limit 1)) f) first
       union all
       select 'calls', l.lane, 0, 0, first.due_at, first.at_real
         from (values ('webhook'), ('notify')) as l (lane) cross join now cross join lateral (
           select min(f.due_at) as due_at, min(f.at_real) as at_real from (
             (select c.due_at, null::timestamptz as at_real from outgoing_call c
               where c.lane = l.lane and c.state = 'queued' and c.due_at <= now.at and now.sending_stopped_at is null
                 and not exists (select from campaign p where p.id = c.campaign_id and p.state = 'paused')
               order by c.due_at limit 1)
             union all
             (select null, c.claimed_until_real from outgoing_call c where c.lane = l.lane and c.state = 'claimed' and c.claimed_until_real < now() limit 1)) f) first
       union all
       select 'calls', 'events', 0, 0, min(f.due_at), min(f.at_real)
         from webhook_endpoint e cross join now cross join lateral (
           (select greatest(d.due_at, e.held_until) as due_at, null::timestamptz as at_real from webhook_delivery d
             where d.endpoint_id = e.id and d.state = 'queued' and d.due_at <= now.at and e.state = 'enabled' and coalesce(e.held_until <= now.at, true)
             order by d.due_at limit 1)
           union all
           (select null, d.claimed_until_real from webhook_delivery d where d.endpoint_id = e.id and d.state = 'claimed' and d.claimed_until_real < now() limit 1)) f
       union all
       -- The feed looks again by itself: it is late when it has not for a minute.
       select 'feed', null, 0, 0, null, min(e.heard_real) from webhook_endpoint e where e.state = 'enabled' and e.heard_real < now() - interval '1 minute'
       union all
       select 'segments', null, 0, 0, min(f.due_at), null
         from (select k.due_at from kept_segment k cross join now where k.due_at <= now.at
               union all
               select e.started_at from segment_entry e where e.taken_after is not null) f
       union all
       select 'offboard', r.key, 0, 0, o.look_at, null from offboarding o join rep r on r.id = o.rep_id where o.state = 'running'
       union all
       (select 'qualification', o.id::text, 0, 0, o.next_look_at, null
          from opportunity o cross join now
         where o.next_look_at <= now.at
         order by o.urgent desc, o.next_look_at limit $1)
       union all
       (select 'sequence', e.id::text, 0, 0, e.due_at, null
          from enrolment e cross join now
         where e.rep_id is not null and e.state = 'active' and e.due_at <= now.at
           and exists (select from campaign c where c.id = e.campaign_id and c.state = 'live')
         order by e.due_at limit $3)
       union all
       (select 'sequence', w.enrolment_id::text, 0, 0, null, w.at_real
          from campaign c join wake w on w.campaign_id = c.id
         where c.kind = 'sequence' and c.state = 'live' order by w.id limit $3))
     select kind, id, low as "from", high as "to",
            greatest(coalesce(extract(epoch from now() - at_real), 0),
                     coalesce(least(extract(epoch from now() - now.anchor), extract(epoch from now.at - due_at) / nullif(rate, 0)), 0))::float8 * 1000 as "overdueMs"
       from found cross join now
      where due_at is not null or at_real is not null`,
    [CASES, GRACE_MS, RUNS],
  );
  return rows.map(({ kind, id, from, to, overdueMs }) => ({ loop: loopOf(kind, id!, from, to), overdueMs }));
}

/**
 * The loops that carry something at all, due or not: to poke after the clock was set, since they sleep by the old one.
 */
export async function sleepingLoops(tx: Queryable): Promise<Loop[]> {
  const { rows } = await tx.query<{ kind: Loop['kind']; id: string | null; from: number; to: number }>(
    `with range as (${RANGES})
     select 'nurture' as kind, c.id::text as id, r.low as "from", r.high as "to" from campaign c cross join range r where c.state = 'live' and c.kind = 'campaign'
     union all
     select 'scoring', null, r.low, r.high from range r
     union all
     select 'delivery', key, 0, 0 from lane
     union all
     select 'calls', lane, 0, 0 from (values ('webhook'), ('notify')) as l (lane)
      where exists (select from outgoing_call c where c.lane = l.lane and c.state = 'queued')
     union all
     select 'calls', 'events', 0, 0 where exists (select from webhook_endpoint e where e.state = 'enabled')
     union all
     select 'segments', null, 0, 0 where exists (select from kept_segment)
     union all
     (select 'qualification', id::text, 0, 0 from opportunity where next_look_at is not null order by urgent desc, next_look_at limit $1)
     union all
     (select 'sequence', id::text, 0, 0 from enrolment where rep_id is not null and state = 'active' order by due_at limit $1)`,
    [CASES],
  );
  return rows.map(({ kind, id, from, to }) => loopOf(kind, id!, from, to));
}

function loopOf(kind: Loop['kind'], id: string, from: number, to: number): Loop {
  switch (kind) {
    case 'nurture':
      return { kind, campaignId: id, from, to };
    case 'scoring':
      return { kind, from, to };
    case 'delivery':
    case 'calls':
      return { kind, lane: id };
    case 'feed':
    case 'segments':
    case 'mailbox':
      return { kind };
    case 'offboard':
      return { kind, rep: id };
    case 'qualification':
      return { kind, opportunityId: id };
    case 'sequence':
      return { kind, enrolmentId: id };
  }
}
