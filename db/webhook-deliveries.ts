import { type CallOutcome, type CallRequest, LEASE_MARGIN_MS } from '../domain/calls/call.ts';
import { blames, ENDPOINT_LIMIT, GIVEN_UP_AFTER, heldFor, pauseAfter, TIMEOUT_MS } from '../domain/webhooks/delivery.ts';
import { raiseAlerts } from './alerts.ts';
import type { Queryable } from './pool.ts';

/** A message that is this worker's to deliver. */
export interface ClaimedDelivery extends CallRequest {
  id: string;
  endpointId: string;
  type: string;
  attempts: number;
}

/** Which secrets an endpoint's messages are signed with: of this generation, and `both` also of the one before. */
export interface Signing {
  endpointId: string;
  generation: number;
  both: boolean;
}

/** Deliveries of a worker that vanished are made again: whether they arrived nobody knows, so they go under the same webhook-id. */
export async function recoverDeliveries(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.query(
    `update webhook_delivery d set state = 'queued', token = null, claimed_until_real = null, reason = 'no_answer'
       from (select endpoint_id, message_id from webhook_delivery where state = 'claimed' and claimed_until_real < now()
              order by endpoint_id, message_id limit 1000 for no key update skip locked) late
      where d.endpoint_id = late.endpoint_id and d.message_id = late.message_id`,
  );
  return rowCount ?? 0;
}

/** SQL: that messages may go to an endpoint `e` now. */
const mayHear = `e.state = 'enabled' and (e.held_until is null or e.held_until <= (select clock()))`;

/**
 * Claims up to `limit` due messages, of each endpoint only as many as may be under way to it at once, so that a slow one takes nobody else's place. One
 * to which nothing gets through is tried with one message at a time.
 */
export async function claimDeliveries(
  tx: Queryable,
  token: string,
  limit: number,
  secretsOf: (signing: Signing) => string[],
): Promise<ClaimedDelivery[]> {
  const { rows } = await tx.query<Signing & { messageId: string; attempts: number; url: string; body: string; type: string }>(
    `with picked as (
       select d.endpoint_id, d.message_id from webhook_endpoint e
         cross join lateral (select count(*) as n from webhook_delivery b where b.endpoint_id = e.id and b.state = 'claimed') busy
         cross join lateral (
           select d.endpoint_id, d.message_id from webhook_delivery d
            where d.endpoint_id = e.id and d.state = 'queued' and d.due_at <= (select clock())
            order by d.due_at limit greatest(case when e.failing_since is null then $3 else 1 end - busy.n, 0) for no key update of d skip locked) d
        where ${mayHear} limit $2)
     update webhook_delivery d
        set state = 'claimed', token = $1, attempts = d.attempts + 1, claimed_until_real = now() + make_interval(secs => $4::int / 1000.0)
       from picked p join webhook_endpoint e on e.id = p.endpoint_id join webhook_message m on m.id = p.message_id
      where d.endpoint_id = p.endpoint_id and d.message_id = p.message_id
     returning d.endpoint_id as "endpointId", d.message_id as "messageId", d.attempts, e.url, m.body, m.type, e.generation,
               coalesce(e.previous_until_real > now(), false) as both`,
    [token, limit, ENDPOINT_LIMIT, TIMEOUT_MS + LEASE_MARGIN_MS],
  );
  return rows.map(({ messageId, url, body, type, attempts, ...signing }) => ({
    id: messageId,
    callKey: messageId,
    endpointId: signing.endpointId,
    url,
    method: 'POST',
    body,
    type,
    attempts,
    sets: {},
    timeoutMs: TIMEOUT_MS,
    secrets: secretsOf(signing),
  }));
}

/** A delivery that has arrived, and what was answered. */
export interface Arrived {
  delivery: ClaimedDelivery;
  token: string;
  outcome: Extract<CallOutcome, { as: 'done' }>;
}

/** Writes what has arrived, each guarded by its token, in one statement. */
export async function settleArrived(tx: Queryable, arrived: readonly Arrived[]): Promise<void> {
  await tx.query(
    `with given as (select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::smallint[], $5::text[]) as g (endpoint_id, message_id, token, status, excerpt)),
     locked as (
       select d.endpoint_id, d.message_id, g.status, g.excerpt from webhook_delivery d join given g using (endpoint_id, message_id)
        where d.token = g.token and d.state = 'claimed' order by d.endpoint_id, d.message_id for no key update of d),
     done as (
       update webhook_delivery d
          set state = 'done', status = l.status, excerpt = l.excerpt, reason = null, token = null, claimed_until_real = null, settled_at = clock()
         from locked l where d.endpoint_id = l.endpoint_id and d.message_id = l.message_id
       returning d.endpoint_id)
     update webhook_endpoint e set failing_since = null, held_until = null
      where e.failing_since is not null and e.id in (select endpoint_id from done)`,
    [
      arrived.map(({ delivery }) => delivery.endpointId),
      arrived.map(({ delivery }) => delivery.id),
      arrived.map(({ token }) => token),
      arrived.map(({ outcome }) => outcome.status),
      arrived.map(({ outcome }) => outcome.excerpt),
    ],
  );
}

/** SQL: so many real milliseconds from now, by the workspace's clock. */
const inMs = (ms: string): string =>
  `clock() + make_interval(secs => ${ms}::float8 / 1000 * (select greatest(clock_rate, 1) from workspace))`;

/** Writes that a delivery has not arrived, guarded by its token: when it is tried again, or that it is given up, and what that says of the endpoint. */
export async function settleMissed(
  tx: Queryable,
  { endpointId, id, type, attempts }: ClaimedDelivery,
  token: string,
  outcome: Exclude<CallOutcome, { as: 'done' }>,
): Promise<void> {
  const { status, excerpt, reason } = outcome;
  const gone = status === 410;
  const askedMs = outcome.as === 'retry' ? outcome.afterMs : null;
  const pauseMs = gone ? 0 : pauseAfter(attempts, Math.random(), askedMs);
  const { rowCount } = await tx.query(
    `update webhook_delivery
        set state = case when $7::float8 is null then 'dead' else 'queued' end, due_at = case when $7::float8 is null then due_at else ${inMs('$7')} end,
            settled_at = case when $7::float8 is null then clock() end, status = $4, reason = $5, excerpt = $6, token = null, claimed_until_real = null
      where endpoint_id = $1 and message_id = $2 and token = $3 and state = 'claimed'`,
    [endpointId, id, token, status, reason, excerpt, pauseMs],
  );
  if (rowCount !== 1) return;
  const disabled = gone ? 'gone' : blames(status) ? await noteFailing(tx, endpointId, askedMs) : null;
  if (gone) await disable(tx, endpointId, 'gone');
  const url = disabled === null && pauseMs !== null ? '' : await hostOf(tx, endpointId);
  await raiseAlerts(tx, [
    ...(disabled === null ? [] : [{ kind: 'webhook_disabled', about: endpointId, detail: { host: url, reason: disabled } }]),
    ...(pauseMs === null ? [{ kind: 'webhook_dead', about: endpointId, detail: { host: url, type, reason } }] : []),
  ]);
}

/**
 * Nothing gets through to the endpoint: it is left alone for a tenth of the time that this has lasted, five minutes at most, or for as long as it asks.
 * When it has lasted for days it is disabled, and `failing` is the answer.
 */
async function noteFailing(tx: Queryable, endpointId: string, askedMs: number | null): Promise<'failing' | null> {
  const { rows } = await tx.query<{ failedMs: number; over: boolean }>(
    `update webhook_endpoint set failing_since = coalesce(failing_since, clock()) where id = $1
     returning extract(epoch from clock() - failing_since)::float8 * 1000 / (select greatest(clock_rate, 1) from workspace) as "failedMs",
               state = 'enabled' and failing_since < clock() - $2::interval as over`,
    [endpointId, GIVEN_UP_AFTER],
  );
  const [found] = rows;
  if (!found) return null;
  await tx.query(`update webhook_endpoint set held_until = greatest(held_until, ${inMs('$2')}) where id = $1`, [
    endpointId,
    heldFor(found.failedMs, askedMs),
  ]);
  if (!found.over) return null;
  await disable(tx, endpointId, 'failing');
  return 'failing';
}

async function disable(tx: Queryable, endpointId: string, reason: string): Promise<void> {
  await tx.query(
    `update webhook_endpoint set state = 'disabled', disabled_at = clock(), disabled_reason = $2, updated_at = clock() where id = $1 and state = 'enabled'`,
    [endpointId, reason],
  );
}

async function hostOf(tx: Queryable, endpointId: string): Promise<string> {
  const { rows } = await tx.query<{ url: string }>('select url from webhook_endpoint where id = $1', [endpointId]);
  return rows[0] ? new URL(rows[0].url).host : '';
}

/** Real ms until a message falls due, or a claim runs out; null while there is none, or the clock stands still. */
export async function nextDelivery(tx: Queryable): Promise<number | null> {
  const { rows } = await tx.query<{ dueMs: number | null; leaseMs: number | null }>(
    `select real_ms_until((select min(greatest(d.due_at, e.held_until)) from webhook_endpoint e
              cross join lateral (select q.due_at from webhook_delivery q where q.endpoint_id = e.id and q.state = 'queued' order by q.due_at limit 1) d
              where e.state = 'enabled')) as "dueMs",
            (select extract(epoch from min(d.claimed_until_real) - now())::float8 * 1000 from webhook_endpoint e
               join webhook_delivery d on d.endpoint_id = e.id and d.state = 'claimed') as "leaseMs"`,
  );
  const known = [rows[0]!.dueMs, rows[0]!.leaseMs].filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.max(Math.min(...known), 250);
}
