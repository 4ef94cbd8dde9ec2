import type { LastFacts, Verdict } from '../domain/delivery/last-look.ts';
import { GRACE_MS, LEASE_MS, MOST_ATTEMPTS, retryAfter } from '../domain/delivery/ledger.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, type Woken } from './wakes.ts';

/** Transitions of the send ledger in SQL: the same table of moves as domain/delivery/ledger.ts, many rows a statement. */

/**
 * That the token of `$1` still holds a mail in one of these states. The ids say which mails are meant; the planner, who has never seen this
 * token, would else take it for one row and go through the whole ledger, and the batch once for each row, to find it.
 */
const held = (states: string): string => `coalesce(s.token = $1 and s.state in (${states}), false)`;

/** A batch past its lease whose mails may still be settled is looked at again after this, real ms. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Frees what a vanished worker held: claims go back to the queue, what was under way becomes `unknown`. Answers how many of each. The mails
 * are only looked through when a batch has outlived its lease; a batch that is merely slow is asked for again in some seconds.
 */
export async function recoverExpired(tx: Queryable, lane: string): Promise<{ freed: number; unknown: number }> {
  const { rows: overdue } = await tx.query('select from claim where lane = $1 and until_real <= now() limit 1', [lane]);
  if (overdue.length === 0) return { freed: 0, unknown: 0 };
  const { rows } = await tx.query<{ state: string; count: number }>(
    `with expired as (
       select id from send
        where lane = $1 and settled_at is null and state in ('claimed', 'in_flight')
          and claimed_until_real <= now() - case state when 'in_flight' then make_interval(secs => $2::float8 / 1000) else interval '0' end
        order by id limit 1000 for no key update skip locked),
     moved as (
       update send s
          set state = case s.state when 'claimed' then 'queued' else 'unknown' end,
              token = case s.state when 'claimed' then null else s.token end,
              unknown_at = case s.state when 'claimed' then null else clock() end,
              reason = case s.state when 'claimed' then s.reason else 'no_answer' end,
              claimed_until_real = null
         from expired where s.id = expired.id
       returning s.state)
     select state, count(*)::int as count from moved group by state`,
    [lane, GRACE_MS],
  );
  await tx.query(
    `with overdue as (
       select c.token, exists (select from send s where s.lane = $1 and s.settled_at is null and s.token = c.token and s.state in ('claimed', 'in_flight')) as held
         from claim c where c.lane = $1 and c.until_real <= now() for update of c skip locked),
     ended as (delete from claim c using overdue o where c.token = o.token and not o.held)
     update claim c set until_real = now() + make_interval(secs => $2::float8 / 1000) from overdue o where c.token = o.token and o.held`,
    [lane, LOOK_AGAIN_MS],
  );
  const of = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0;
  return { freed: of('queued'), unknown: of('unknown') };
}

/**
 * Claims up to `limit` due mails of a lane for `token`, most urgent first, as many as the lane's tokens allow; charges them in
 * the same statement. Nothing of a lane that is stopped or held, of a workspace that has stopped sending, of a paused campaign.
 */
export async function claim(tx: Queryable, lane: string, token: string, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `with bucket as (
       select key, case when rate is not null then least(greatest(rate, 1), tokens + rate * greatest(extract(epoch from now() - refilled_real), 0)::float8) end as tokens
         from lane
        where key = $1 and stopped_reason is null and (held_until_real is null or held_until_real <= now())
          and not exists (select from workspace where sending_stopped_at is not null)
          for no key update),
     picked as (
       select s.id from send s
        where s.lane = $1 and s.settled_at is null and s.state = 'queued' and s.due_at <= (select clock())
          and not exists (select from campaign c where c.id = s.campaign_id and c.state = 'paused')
        order by s.priority desc, s.due_at
        limit coalesce((select greatest(least($3::int, floor(tokens)), 0)::int from bucket), 0)
          for no key update of s skip locked),
     charged as (
       update lane l set tokens = b.tokens - (select count(*) from picked), refilled_real = now()
         from bucket b where l.key = b.key and l.rate is not null),
     noted as (
       insert into claim (token, lane, until_real)
       select $2, $1, now() + make_interval(secs => $4::float8 / 1000) where exists (select from picked))
     update send s set state = 'claimed', token = $2, claimed_until_real = now() + make_interval(secs => $4::float8 / 1000)
       from picked where s.id = picked.id
     returning s.id`,
    [lane, token, limit, LEASE_MS],
  );
  return rows.map((row) => row.id);
}

/** The batch is at its end: each of its mails is settled, refused or back in the queue. */
export async function endClaim(tx: Queryable, token: string): Promise<void> {
  await tx.query('delete from claim where token = $1', [token]);
}

/** Gives claimed mails back to the queue, untouched. */
export async function release(tx: Queryable, token: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `update send set state = 'queued', token = null, claimed_until_real = null
      where id in (select s.id from send s where s.id = any($2) and ${held("'claimed'")} order by s.id for no key update)`,
    [token, ids],
  );
}

/** A mail about to leave, as rendered. */
export interface Departing {
  id: string;
  leadId: string | null;
  address: string;
  subject: string;
}

/** A mail at the last look: what the campaign's code needs to know of it, and everything else there is to know. */
export interface AtLastLook extends LastFacts {
  id: string;
  sendKey: string;
  enrolmentId: string | null;
  campaignId: string | null;
  /** When it was to leave. */
  dueAt: Date;
}

/**
 * Locks the leads and the mails of a batch that the token still holds, and reads what the last look needs. The leads' locks
 * make it see every unsubscribe that was committed before, and make the next one wait until this is committed.
 */
export async function lockForLastLook(tx: Queryable, token: string, mails: readonly Departing[]): Promise<AtLastLook[]> {
  await lockLeads(tx, [...new Set(mails.flatMap((mail) => mail.leadId ?? []))]);
  const { rows } = await tx.query<AtLastLook>(
    `with held as (
       select s.*, d.address as rendered_to
         from send s join unnest($2::uuid[], $3::text[]) as d (id, address) using (id)
        where ${held("'claimed'")} order by s.id for no key update of s)
     select s.id, s.send_key as "sendKey", s.enrolment_id as "enrolmentId", s.campaign_id as "campaignId", s.due_at as "dueAt", s.class, s.topic,
            a.address, s.rendered_to as "renderedTo",
            w.sending_stopped_at is not null as "sendingStopped", c.state as "campaignState",
            coalesce(s.not_after < (select clock()), false) as "tooLate",
            (select json_build_object('kind', p.kind, 'scope', p.scope) from suppression p
              where p.address = lower(a.address) order by p.scope limit 1) as suppressed,
            (select case when k.expires_at <= (select clock()) then 'expired' else k.state end
               from consent k where k.lead_id = s.lead_id and k.topic = s.topic order by k.id desc limit 1) as consent,
            exists (select from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id
                     where ol.lead_id = s.lead_id and o.closed_at is null and not o.nurture) as "withSales"
       from held s
       cross join workspace w
       left join lead l on l.id = s.lead_id
       left join rep r on r.id = s.rep_id
       left join campaign c on c.id = s.campaign_id
       cross join lateral (select case when s.class = 'internal' then coalesce(r.email, s.params ->> 'toAddress') else l.email end as address) a
      order by s.id`,
    [token, mails.map((mail) => mail.id), mails.map((mail) => mail.address)],
  );
  return rows;
}

/** Writes the verdicts of the last look: off to the socket, refused, or back to the queue. Answers the enrolments of those refused. */
export async function applyVerdicts(tx: Queryable, token: string, mails: readonly (Departing & { verdict: Verdict })[]): Promise<string[]> {
  const { rows } = await tx.query<{ enrolmentId: string }>(
    `with moved as (
       update send s
          set state = v.state,
              reason = v.reason,
              address = case v.state when 'in_flight' then v.address else s.address end,
              subject = case v.state when 'in_flight' then v.subject else s.subject end,
              attempts = s.attempts + case v.state when 'in_flight' then 1 else 0 end,
              in_flight_at = case v.state when 'in_flight' then (select clock()) else s.in_flight_at end,
              claimed_until_real = case v.state when 'in_flight' then now() + make_interval(secs => $8::float8 / 1000) end,
              token = case v.state when 'in_flight' then s.token end,
              due_at = coalesce(v.due_at, s.due_at),
              settled_at = case when v.state in ('cancelled', 'suppressed') then (select clock()) end
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]) as v (id, state, reason, address, subject, due_at)
        where s.id = v.id and ${held("'claimed'")}
       returning s.state, s.enrolment_id)
     select enrolment_id as "enrolmentId" from moved where state in ('cancelled', 'suppressed') and enrolment_id is not null`,
    [
      token,
      mails.map((mail) => mail.id),
      mails.map(({ verdict }) => (verdict.as === 'go' ? 'in_flight' : verdict.as)),
      mails.map(({ verdict }) => ('reason' in verdict ? verdict.reason : null)),
      mails.map((mail) => mail.address),
      mails.map((mail) => mail.subject),
      mails.map(({ verdict }) => ('dueAt' in verdict ? verdict.dueAt : null)),
      LEASE_MS,
    ],
  );
  return rows.map((row) => row.enrolmentId);
}

/** What came of a mail that left. `afterMs`: when to try again, in real time; null leaves it to the number of attempts. */
export interface Settlement {
  id: string;
  outcome: 'accepted' | 'failed' | 'retry' | 'lane' | 'unknown';
  reason: string | null;
  providerId: string | null;
  afterMs: number | null;
}

/**
 * Settles what left, guarded by the token: what others have since called unknown may still be settled by its sender. Wakes the
 * enrolments whose mail came to an end, in the same statement: it is one round trip, and atomic without a transaction around it.
 */
export async function settle(tx: Queryable, token: string, settlements: readonly Settlement[]): Promise<Woken[]> {
  if (settlements.length === 0) return [];
  const sorted = settlements.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await tx.query<Woken>(
    `with given as (
       select s.id, g.outcome, g.reason, g.provider_id, g.after_ms,
              case when g.outcome in ('accepted', 'failed', 'unknown') then g.outcome
                   when g.outcome = 'retry' and s.attempts >= $7 then 'failed'
                   else 'queued' end as state
         from send s join unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[]) as g (id, outcome, reason, provider_id, after_ms) using (id)
        where ${held("'in_flight', 'unknown'")}
        order by s.id for no key update of s),
     moved as (
       update send s
          set state = g.state, reason = g.reason, provider_id = g.provider_id,
              claimed_until_real = null,
              token = case g.state when 'unknown' then s.token end,
              attempts = s.attempts - case g.outcome when 'lane' then 1 else 0 end,
              due_at = case when g.outcome = 'retry' and g.state = 'queued' then clock() + make_interval(secs => coalesce(g.after_ms, ($8::float8[])[s.attempts]) / 1000 * (select greatest(clock_rate, 1) from workspace)) else s.due_at end,
              settled_at = case when g.state in ('accepted', 'failed') then (select clock()) end,
              unknown_at = case g.state when 'unknown' then coalesce(s.unknown_at, clock()) end
         from given g where s.id = g.id
       returning s.state, s.enrolment_id),
     woken as (
       insert into wake (campaign_id, slot, enrolment_id)
       select e.campaign_id, e.slot, e.id from moved m join enrolment e on e.id = m.enrolment_id
        where m.state in ('accepted', 'failed') and e.state = 'active' order by e.id
       returning campaign_id, slot)
     select distinct campaign_id as "campaignId", slot from woken`,
    [
      token,
      sorted.map((one) => one.id),
      sorted.map((one) => one.outcome),
      sorted.map((one) => one.reason),
      sorted.map((one) => one.providerId),
      sorted.map((one) => one.afterMs),
      MOST_ATTEMPTS,
      Array.from({ length: MOST_ATTEMPTS }, (_, i) => retryAfter(i + 1)),
    ],
  );
  return rows;
}

/** What the provider says later about mails under way or unknown, by send key. Answers the enrolments whose mail came to an end. */
export async function report(
  tx: Queryable,
  reports: readonly { sendKey: string; outcome: 'accepted' | 'failed'; reason: string | null }[],
): Promise<string[]> {
  if (reports.length === 0) return [];
  const { rows } = await tx.query<{ enrolmentId: string }>(
    `with moved as (
       update send s set state = g.outcome, reason = g.reason, token = null, claimed_until_real = null, unknown_at = null, settled_at = clock()
         from unnest($1::text[], $2::text[], $3::text[]) as g (send_key, outcome, reason)
        where s.send_key = g.send_key and s.state in ('in_flight', 'unknown')
       returning s.enrolment_id)
     select enrolment_id as "enrolmentId" from moved where enrolment_id is not null`,
    [reports.map((one) => one.sendKey), reports.map((one) => one.outcome), reports.map((one) => one.reason)],
  );
  return rows.map((row) => row.enrolmentId);
}

/** Ends claimed mails that cannot be made, each with its reason (a template that lacks a variable, no address). Answers their enrolments. */
export async function refuse(
  tx: Queryable,
  token: string,
  mails: readonly { id: string; as: 'failed' | 'cancelled'; reason: string }[],
): Promise<string[]> {
  if (mails.length === 0) return [];
  const { rows } = await tx.query<{ enrolmentId: string }>(
    `with moved as (
       update send s set state = g.state, reason = g.reason, token = null, claimed_until_real = null, settled_at = clock()
         from unnest($2::uuid[], $3::text[], $4::text[]) as g (id, state, reason)
        where s.id = g.id and ${held("'claimed'")}
       returning s.enrolment_id)
     select enrolment_id as "enrolmentId" from moved where enrolment_id is not null`,
    [token, mails.map((one) => one.id), mails.map((one) => one.as), mails.map((one) => one.reason)],
  );
  return rows.map((row) => row.enrolmentId);
}

/** Real ms until the lane has something to do: a mail falls due, a claim expires, a pause ends; null when only a poke can tell. */
export async function nextDelivery(tx: Queryable, lane: string): Promise<number | null> {
  const { rows } = await tx.query<{ sleepMs: number | null }>(
    `with going as (
       select l.*, greatest(extract(epoch from l.held_until_real - now())::float8 * 1000, 0) as held_ms,
              case when l.rate > 0 then greatest(1 - (l.tokens + l.rate * extract(epoch from now() - l.refilled_real)::float8), 0) / l.rate * 1000 end as token_ms
         from lane l cross join workspace w
        where l.key = $1 and l.stopped_reason is null and w.sending_stopped_at is null),
     queue as (
       select real_ms_until(min(s.due_at)) as ms from send s
        where s.lane = $1 and s.settled_at is null and s.state = 'queued' and not exists (select from campaign c where c.id = s.campaign_id and c.state = 'paused')),
     claims as (select min(until_real) as at from claim where lane = $1)
     select least((select greatest(queue.ms, held_ms, token_ms, 250) from going, queue where queue.ms is not null),
                  (select greatest(extract(epoch from at - now())::float8 * 1000, 250) from claims where at is not null)) as "sleepMs"`,
    [lane],
  );
  return rows[0]?.sleepMs ?? null;
}
