import type { Verdict } from '../domain/delivery/last-look.ts';
import { GRACE_MS, LEASE_MS, MOST_ATTEMPTS, retryAfter } from '../domain/delivery/ledger.ts';
import { isActive } from './enrolments.ts';
import type { Queryable } from './pool.ts';
import { RUN_ID, type Woken } from './wakes.ts';

/** Transitions of the send ledger in SQL: the same table of moves as domain/delivery/ledger.ts, many rows a statement. */

const GRACE = `make_interval(secs => ${GRACE_MS / 1_000})`;

/**
 * What a vanished worker had under way becomes `unknown`. Answers how many. The mails are only looked through when a batch has outlived its lease
 * and the grace after it.
 */
export async function recoverExpired(tx: Queryable, lane: string): Promise<number> {
  const { rows: overdue } = await tx.query(`select from departure where lane = $1 and until_real <= now() - ${GRACE} limit 1`, [lane]);
  if (overdue.length === 0) return 0;
  const { rowCount } = await tx.query(
    `with over as (delete from departure where lane = $1 and until_real <= now() - ${GRACE} returning token),
     lost as (
       select s.id from send s join over using (token)
        where s.lane = $1 and s.settled_at is null and s.state = 'in_flight' order by s.id for no key update of s)
     update send s set state = 'unknown', unknown_at = clock(), reason = 'no_answer' from lost where s.id = lost.id and s.state = 'in_flight'`,
    [lane],
  );
  return rowCount ?? 0;
}

/** A mail that is about to leave. */
export interface Picked {
  id: string;
  leadId: string | null;
}

/**
 * Locks up to `limit` due mails of a lane for the rest of the transaction, most urgent first, as many as the lane's tokens allow, and charges them.
 * Nothing of a lane that is stopped or held, of a workspace that has stopped sending, of a paused campaign; nothing that another is about to send.
 */
export async function pick(tx: Queryable, lane: string, limit: number): Promise<Picked[]> {
  const { rows } = await tx.query<Picked>(
    `with open as (
       select from lane
        where key = $1 and stopped_reason is null and (held_until_real is null or held_until_real <= now())
          and not exists (select from workspace where sending_stopped_at is not null)),
     bucket as (
       select least(greatest(rate, 1), tokens + rate * greatest(extract(epoch from now() - refilled_real), 0)::float8) as tokens
         from lane where key = $1 and rate is not null and exists (select from open) for no key update),
     picked as (
       select s.id, s.lead_id from send s
        where s.lane = $1 and s.settled_at is null and s.state = 'queued' and s.due_at <= (select clock())
          and not exists (select from campaign c where c.id = s.campaign_id and c.state = 'paused')
        order by s.priority desc, s.due_at
        limit case when exists (select from open) then least($2::int, greatest(floor(coalesce((select tokens from bucket), $2::int)), 0)::int) else 0 end
          for no key update of s skip locked),
     charged as (
       update lane set tokens = b.tokens - (select count(*) from picked), refilled_real = now() from bucket b where key = $1)
     select id, lead_id as "leadId" from picked order by id`,
    [lane, limit],
  );
  return rows;
}

/** What becomes of a mail at the last look; where it goes, and its subject, if it goes. */
export interface Judged {
  id: string;
  verdict: Verdict;
  address: string | null;
  subject: string | null;
}

/**
 * Writes the verdicts of the last look on mails that this transaction has picked: off to the socket, refused, or left in the queue. Answers the
 * enrolments of those refused.
 */
export async function applyVerdicts(tx: Queryable, lane: string, token: string, mails: readonly Judged[]): Promise<string[]> {
  const { rows } = await tx.query<{ enrolmentId: string }>(
    `with given as (
       select * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]) as v (id, state, reason, address, subject, due_at)),
     noted as (
       insert into departure (token, lane, until_real)
       select $1, $8, now() + make_interval(secs => $9::float8 / 1000) where exists (select from given where state = 'in_flight')),
     moved as (
       update send s
          set state = v.state, reason = v.reason,
              address = coalesce(v.address, s.address), subject = coalesce(v.subject, s.subject),
              attempts = s.attempts + case v.state when 'in_flight' then 1 else 0 end,
              in_flight_at = case v.state when 'in_flight' then (select clock()) else s.in_flight_at end,
              token = case v.state when 'in_flight' then $1::uuid end,
              due_at = coalesce(v.due_at, s.due_at),
              settled_at = case when v.state in ('cancelled', 'suppressed', 'failed') then (select clock()) end
         from given v
        where s.id = v.id and s.state = 'queued'
       returning s.state, s.enrolment_id)
     select enrolment_id as "enrolmentId" from moved where state in ('cancelled', 'suppressed', 'failed') and enrolment_id is not null`,
    [
      token,
      mails.map((mail) => mail.id),
      mails.map(({ verdict }) => (verdict.as === 'go' ? 'in_flight' : verdict.as)),
      mails.map(({ verdict }) => ('reason' in verdict ? verdict.reason : null)),
      mails.map((mail) => mail.address),
      mails.map((mail) => mail.subject),
      mails.map(({ verdict }) => ('dueAt' in verdict ? verdict.dueAt : null)),
      lane,
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

/** Refused for now once too often. */
const GIVEN_UP = `g.outcome = 'retry' and s.attempts >= $7`;

/**
 * Settles what left, guarded by the token: what others have since called unknown may still be settled by its sender. Wakes the
 * enrolments whose mail came to an end. Call it where a deadlock is tried again: a provider's report may meet the same rows.
 * (The planner, who has never seen this token, would take it for one row and go through the whole ledger to find it: the ids say which are meant.)
 */
export async function settle(tx: Queryable, token: string, settlements: readonly Settlement[]): Promise<Woken[]> {
  if (settlements.length === 0) return [];
  const sorted = settlements.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await tx.query<Woken>(
    `with ended as (delete from departure where token = $1),
     moved as (
       update send s
          set state = case when g.outcome in ('accepted', 'failed', 'unknown') then g.outcome when ${GIVEN_UP} then 'failed' else 'queued' end,
              reason = g.reason, provider_id = g.provider_id,
              token = case g.outcome when 'unknown' then s.token end,
              attempts = s.attempts - case g.outcome when 'lane' then 1 else 0 end,
              due_at = case when g.outcome = 'retry' and not (${GIVEN_UP}) then clock() + make_interval(secs => coalesce(g.after_ms, ($8::float8[])[s.attempts]) / 1000 * (select greatest(clock_rate, 1) from workspace)) else s.due_at end,
              settled_at = case when g.outcome in ('accepted', 'failed') or ${GIVEN_UP} then (select clock()) end,
              unknown_at = case g.outcome when 'unknown' then coalesce(s.unknown_at, clock()) end
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[]) as g (id, outcome, reason, provider_id, after_ms)
        where s.id = g.id and coalesce(s.token = $1 and s.state in ('in_flight', 'unknown'), false)
       returning s.state, s.enrolment_id),
     looking as materialized (
       select e.campaign_id, e.slot, e.id, ${RUN_ID} from moved m join enrolment e on e.id = m.enrolment_id
        where m.state in ('accepted', 'failed') and ${isActive('e')}),
     woken as (insert into wake (campaign_id, slot, enrolment_id) select campaign_id, slot, id from looking order by id)
     select distinct campaign_id as "campaignId", slot, run_id as "runId" from looking`,
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

/**
 * What the provider says later about mails, by send key: those under way or unknown, and those that wait for another attempt, because a server
 * that answers with an error may have taken the mail all the same. Answers the enrolments whose mail came to an end.
 */
export async function report(
  tx: Queryable,
  reports: readonly { sendKey: string; outcome: 'accepted' | 'failed'; reason: string | null }[],
): Promise<string[]> {
  if (reports.length === 0) return [];
  const { rows } = await tx.query<{ enrolmentId: string }>(
    `with moved as (
       update send s set state = g.outcome, reason = g.reason, token = null, unknown_at = null, settled_at = clock()
         from unnest($1::text[], $2::text[], $3::text[]) as g (send_key, outcome, reason)
        where s.send_key = g.send_key and (s.state in ('in_flight', 'unknown') or s.state = 'queued' and s.in_flight_at is not null)
       returning s.enrolment_id)
     select enrolment_id as "enrolmentId" from moved where enrolment_id is not null`,
    [reports.map((one) => one.sendKey), reports.map((one) => one.outcome), reports.map((one) => one.reason)],
  );
  return rows.map((row) => row.enrolmentId);
}

/** Real ms until the lane has something to do: a mail falls due, a batch outlives its lease, a pause ends; null when only a poke can tell. */
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
     departures as (select min(until_real) + ${GRACE} as at from departure where lane = $1)
     select least((select greatest(queue.ms, held_ms, token_ms, 250) from going, queue where queue.ms is not null),
                  (select greatest(extract(epoch from at - now())::float8 * 1000, 250) from departures where at is not null)) as "sleepMs"`,
    [lane],
  );
  return rows[0]?.sleepMs ?? null;
}
