import { type CallOutcome, type CallRequest, HOST_LIMIT, LEASE_MARGIN_MS, pauseAfter } from '../domain/calls/call.ts';
import { attributesTold, noteLeads } from './lead-changes.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, wakeEnrolments, wakeLeads, type Woken } from './wakes.ts';

/** A request to be made. Whoever queues its key a second time queues nothing. */
export interface NewCall extends CallRequest {
  lane: 'webhook' | 'notify';
  retries: number;
  /** Null: about nobody in particular. */
  leadId: string | null;
  /** Null, with the next two: of no campaign. */
  campaignId: string | null;
  enrolmentId: string | null;
  stepId: string | null;
  awaited: boolean;
  test: boolean;
}

/** Puts requests into the outbox, in one statement; keys that stand there already are left alone. Answers the lanes to poke after the commit. */
export async function queueCalls(tx: Queryable, calls: readonly NewCall[]): Promise<string[]> {
  if (calls.length === 0) return [];
  const sorted = calls.toSorted((a, b) => (a.callKey < b.callKey ? -1 : 1));
  const { rows } = await tx.query<{ lane: string }>(
    `with queued as (
       insert into outgoing_call (call_key, lane, host, url, method, body, sets, timeout_ms, retries, lead_id, campaign_id, enrolment_id, step_id, awaited, test)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::int[], $9::smallint[], $10::uuid[],
                            $11::uuid[], $12::uuid[], $13::text[], $14::boolean[], $15::boolean[])
       on conflict (call_key) do nothing
       returning lane)
     select distinct lane from queued order by lane`,
    [
      sorted.map((call) => call.callKey),
      sorted.map((call) => call.lane),
      sorted.map((call) => new URL(call.url).host),
      sorted.map((call) => call.url),
      sorted.map((call) => call.method),
      sorted.map((call) => call.body),
      sorted.map((call) => JSON.stringify(call.sets)),
      sorted.map((call) => call.timeoutMs),
      sorted.map((call) => call.retries),
      sorted.map((call) => call.leadId),
      sorted.map((call) => call.campaignId),
      sorted.map((call) => call.enrolmentId),
      sorted.map((call) => call.stepId),
      sorted.map((call) => call.awaited),
      sorted.map((call) => call.test),
    ],
  );
  return rows.map((row) => row.lane);
}

/** A request that is this worker's to make. */
export interface ClaimedCall extends CallRequest {
  id: string;
  host: string;
}

/** SQL: whether a queued call `c` of workspace `w` may go now. Pausing a campaign, or all sending, holds it. */
const mayGo = `c.due_at <= clock() and not exists (select from workspace where sending_stopped_at is not null)
  and not exists (select from campaign p where p.id = c.campaign_id and p.state = 'paused')`;

/** Calls of a worker that vanished go back to the queue: whether they arrived nobody knows, so they are made again under the same key. */
export async function recoverCalls(tx: Queryable, lane: string): Promise<number> {
  const { rowCount } = await tx.query(
    `update outgoing_call c set state = 'queued', token = null, claimed_until_real = null, reason = 'no_answer'
       from (select id from outgoing_call where lane = $1 and state = 'claimed' and claimed_until_real < now() order by id limit 1000 for no key update skip locked) late
      where c.id = late.id`,
    [lane],
  );
  return rowCount ?? 0;
}

/**
 * Claims up to `limit` due calls of a lane, from each host only as many as may be under way to it at once, so that a slow one takes nobody else's
 * place. Those whose enrolment has gone on meanwhile are cancelled in the same statement.
 */
export async function claimCalls(
  tx: Queryable,
  lane: string,
  token: string,
  limit: number,
): Promise<{ claimed: ClaimedCall[]; cancelled: number }> {
  const { rows } = await tx.query<ClaimedCall & { state: string }>(
    `with recursive hosts as (
       (select c.host from outgoing_call c where c.lane = $1 and c.state = 'queued' order by c.host limit 1)
       union all
       select (select c.host from outgoing_call c where c.lane = $1 and c.state = 'queued' and c.host > h.host order by c.host limit 1)
         from hosts h where h.host is not null),
     picked as (
       select c.id, c.moot from hosts h
         cross join lateral (select count(*) as n from outgoing_call b where b.lane = $1 and b.state = 'claimed' and b.host = h.host) busy
         cross join lateral (
           select c.id,
                  c.awaited and not coalesce((select e.state = 'active' and e.waiting = 'call:' || c.call_key from enrolment e where e.id = c.enrolment_id), false) as moot
             from outgoing_call c
            where c.lane = $1 and c.state = 'queued' and c.host = h.host and ${mayGo}
            order by c.due_at limit greatest($4 - busy.n, 0) for no key update of c skip locked) c
        where h.host is not null limit $3)
     update outgoing_call c
        set state = case when p.moot then 'cancelled' else 'claimed' end,
            reason = case when p.moot then 'left_step' else c.reason end,
            settled_at = case when p.moot then clock() end,
            token = case when p.moot then null else $2::uuid end,
            claimed_until_real = case when p.moot then null else now() + make_interval(secs => (c.timeout_ms + $5::int) / 1000.0) end,
            attempts = c.attempts + case when p.moot then 0 else 1 end
       from picked p where c.id = p.id
     returning c.id, c.state, c.call_key as "callKey", c.url, c.method, c.body, c.sets, c.timeout_ms as "timeoutMs", c.host`,
    [lane, token, limit, HOST_LIMIT, LEASE_MARGIN_MS],
  );
  const claimed = rows.filter(({ state }) => state === 'claimed');
  return { claimed, cancelled: rows.length - claimed.length };
}

interface Settling {
  callKey: string;
  lane: string;
  host: string;
  attempts: number;
  retries: number;
  leadId: string | null;
  enrolmentId: string | null;
  campaignId: string | null;
  stepId: string | null;
  awaited: boolean;
}

/**
 * Writes what came of a call, guarded by its token: done, with the attributes its answer gives the lead; failed for good; or back to the queue until its
 * next attempt, which is journalled and shown on the enrolment. Answers who is woken and the slots of leads to score anew.
 */
export async function settleCall(
  tx: Queryable,
  id: string,
  token: string,
  outcome: CallOutcome,
): Promise<{ woken: Woken[]; slots: number[] }> {
  const { rows } = await tx.query<Settling>(
    `select call_key as "callKey", lane, host, attempts, retries, lead_id as "leadId", enrolment_id as "enrolmentId", campaign_id as "campaignId",
            step_id as "stepId", awaited
       from outgoing_call where id = $1 and token = $2 and state = 'claimed'`,
    [id, token],
  );
  const [call] = rows;
  if (!call) return { woken: [], slots: [] };
  const again = outcome.as === 'retry' && call.attempts <= call.retries;
  const sets = outcome.as === 'done' ? outcome.sets : {};
  const given = call.leadId !== null && Object.keys(sets).length > 0;
  if (given) await lockLeads(tx, [call.leadId!]);
  const { rowCount } = await tx.query(
    `update outgoing_call
        set state = $3, status = $4, excerpt = $5, reason = $6, token = null, claimed_until_real = null,
            settled_at = case when $3 = 'queued' then null else clock() end,
            due_at = case when $3 = 'queued' then clock() + make_interval(secs => $7::float8 / 1000 * (select greatest(clock_rate, 1) from workspace)) else due_at end
      where id = $1 and token = $2 and state = 'claimed'`,
    [
      id,
      token,
      outcome.as === 'done' ? 'done' : again ? 'queued' : 'failed',
      outcome.status,
      outcome.excerpt,
      outcome.as === 'done' ? null : outcome.reason,
      again ? pauseAfter(call.attempts, outcome.afterMs) : 0,
    ],
  );
  if (rowCount !== 1) return { woken: [], slots: [] };
  if (outcome.as !== 'done') await noteFailure(tx, call, outcome.reason, again);
  const slots = given ? await setAttributes(tx, call.leadId!, sets) : [];
  const touched = slots.length > 0 ? await wakeLeads(tx, [call.leadId!]) : [];
  return { woken: [...touched, ...(again || !call.awaited ? [] : await wakeEnrolments(tx, [call.enrolmentId!]))], slots };
}

async function noteFailure(tx: Queryable, call: Settling, reason: string, again: boolean): Promise<void> {
  await tx.query(
    `with shown as (
       update enrolment set error = $6 where $7 and $8 and id = $3 and state = 'active' and waiting = 'call:' || $9)
     insert into journal (kind, lead_id, campaign_id, enrolment_id, step_id, because)
     select 'call_failed', $1, $2, $3, $4,
            jsonb_build_object('host', $5::text, 'reason', $10::text, 'attempt', $11::int,
                               'again', case when $7 then (select due_at from outgoing_call where call_key = $9) end)`,
    [
      call.leadId,
      call.campaignId,
      call.enrolmentId,
      call.stepId,
      call.host,
      `${call.host}: ${reason}`,
      again,
      call.awaited,
      call.callKey,
      reason,
      call.attempts,
    ],
  );
}

/** Under the lead's lock. Answers its slot when something changed; that is in the journal then. */
async function setAttributes(tx: Queryable, leadId: string, sets: Record<string, unknown>): Promise<number[]> {
  const { rows } = await tx.query<{ slot: number }>(
    `with updated as (
       update lead set attributes = attributes || $2::jsonb, updated_at = clock()
        where id = $1 and attributes is distinct from attributes || $2::jsonb returning id, slot, ${attributesTold} as fields),
     noted as (${noteLeads('updated')})
     select slot from updated`,
    [leadId, JSON.stringify(sets)],
  );
  return rows.map(({ slot }) => slot);
}

/** Real ms until the lane's next look: a call that falls due, or a claim that runs out; null while there is none, or the clock stands still. */
export async function nextCall(tx: Queryable, lane: string): Promise<number | null> {
  const { rows } = await tx.query<{ dueMs: number | null; leaseMs: number | null }>(
    `select real_ms_until((select c.due_at from outgoing_call c
              where c.lane = $1 and c.state = 'queued' and not exists (select from workspace where sending_stopped_at is not null)
                and not exists (select from campaign p where p.id = c.campaign_id and p.state = 'paused')
              order by c.due_at limit 1)) as "dueMs",
            (select extract(epoch from min(claimed_until_real) - now())::float8 * 1000 from outgoing_call where lane = $1 and state = 'claimed') as "leaseMs"`,
    [lane],
  );
  const known = [rows[0]!.dueMs, rows[0]!.leaseMs].filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.max(Math.min(...known), 250);
}
