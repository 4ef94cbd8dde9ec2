import type { History } from '../domain/campaign/entry.ts';
import { gapMs, type Pace } from '../domain/campaign/pace.ts';
import type { NurtureRange } from './enrolments.ts';
import type { Prospect } from './entry-facts.ts';
import type { Queryable } from './pool.ts';
import type { Woken } from './wakes.ts';

export interface QueuedCandidate extends Prospect {
  id: string;
}

/**
 * Finds candidates of the range, oldest first, then those whose turn has come. Those whose entry asks for the score wait until
 * their lead's is fresh; scoring pokes this loop when it is.
 */
export async function findCandidates(
  tx: Queryable,
  { campaignId, from, to }: NurtureRange,
  limit: number,
): Promise<{ id: string; leadId: string }[]> {
  const scored = '(not needs_score or not exists (select from score_wake w where w.lead_id = c.lead_id))';
  const { rows } = await tx.query<{ id: string; leadId: string }>(
    `with ready as (
       (select id from candidate c where campaign_id = $1 and slot between $2 and $3 and due_at is null and ${scored} order by id limit $4)
       union all
       (select id from candidate c where campaign_id = $1 and slot between $2 and $3 and due_at <= clock() and ${scored} order by due_at limit $4))
     select id, lead_id as "leadId" from candidate where id in (select id from ready) order by id limit $4`,
    [campaignId, from, to, limit],
  );
  return rows;
}

/** Locks those of them who still stand at the door, in order; not whom somebody else is taking in. Call it under `lockLeads`. */
export async function lockCandidates(tx: Queryable, ids: readonly string[]): Promise<QueuedCandidate[]> {
  const { rows } = await tx.query<QueuedCandidate>(
    `select id, lead_id as "leadId", position, event_id as "eventId", event_at as "eventAt", properties, for_account_id as "forAccountId"
       from candidate where id = any($1::bigint[]) order by id for update skip locked`,
    [ids],
  );
  return rows;
}

export async function deleteCandidates(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query('delete from candidate where id = any($1::bigint[])', [ids]);
}

/** Real ms until candidates of the range are to be looked at again; null when there are none, or the clock stands still. Those who wait for a score or a lock: `busyMs`. */
export async function candidatesSleep(tx: Queryable, { campaignId, from, to }: NurtureRange, busyMs: number): Promise<number | null> {
  const { rows } = await tx.query<{ sleepMs: number | null }>(
    `select least(case when exists (select from candidate where campaign_id = $1 and slot between $2 and $3 and due_at is null) or due <= clock() then $4::float8 end,
                  case when due > clock() then real_ms_until(due) end) as "sleepMs"
       from (select (select due_at from candidate where campaign_id = $1 and slot between $2 and $3 and due_at is not null order by due_at limit 1) as due) c`,
    [campaignId, from, to, busyMs],
  );
  return rows[0]!.sleepMs;
}

/** Somebody enters by hand or by API: on the same way as everybody else. Answers the lead's slot. */
export async function addCandidate(
  tx: Queryable,
  campaignId: string,
  leadId: string,
  properties: Record<string, unknown>,
): Promise<number> {
  const { rows } = await tx.query<{ slot: number }>(
    `insert into candidate (campaign_id, slot, lead_id, event_at, properties) select $1, slot, id, clock(), $3 from lead where id = $2 returning slot`,
    [campaignId, leadId, JSON.stringify(properties)],
  );
  return rows[0]!.slot;
}

/** Somebody whom an entry brings: which one, since when, and with what. */
export interface Comer {
  leadId: string;
  properties?: Record<string, unknown>;
}

/**
 * Puts people before one entry of a campaign, in the order given, at its pace if it has one: each has its turn when the one before
 * has had theirs, whoever adds them. Without a pace they come at once, or strewn until `until`. Two statements at most, whatever the number of
 * people. Answers whom to poke after the commit.
 */
export async function addCandidates(
  tx: Queryable,
  {
    campaignId,
    position,
    rate,
    until = null,
    needsScore = false,
  }: { campaignId: string; position: number; rate?: Pace | undefined; until?: Date | null; needsScore?: boolean },
  comers: readonly Comer[],
): Promise<Woken[]> {
  if (comers.length === 0) return [];
  const gap = rate ? gapMs(rate) / 1_000 : null;
  const first = gap === null ? null : await takeTurns(tx, campaignId, position, gap * comers.length);
  const { rows } = await tx.query<Woken>(
    `with added as (
       insert into candidate (campaign_id, slot, lead_id, position, event_at, properties, needs_score, due_at)
       select $1, l.slot, l.id, $2, clock(), c.properties, $3,
              coalesce($4::timestamptz + make_interval(secs => $5::float8 * (c.n - 1)),
                       clock() + ($8::timestamptz - clock()) * ((hashtext(l.id::text) & 65535) / 65536.0))
         from unnest($6::uuid[], $7::jsonb[]) with ordinality as c (lead_id, properties, n) join lead l on l.id = c.lead_id
        order by c.n
       returning campaign_id, slot)
     select distinct campaign_id as "campaignId", slot from added`,
    [
      campaignId,
      position,
      needsScore,
      first,
      gap ?? 0,
      comers.map((c) => c.leadId),
      comers.map((c) => JSON.stringify(c.properties ?? {})),
      until,
    ],
  );
  return rows;
}

/** Takes the next turns of an entry, so many seconds of them, under its row's lock. Answers when the first is. */
async function takeTurns(tx: Queryable, campaignId: string, position: number, seconds: number): Promise<Date> {
  const { rows } = await tx.query<{ first: Date }>(
    `insert into entry_pace as p (campaign_id, position, next_at) values ($1, $2, clock() + make_interval(secs => $3))
     on conflict (campaign_id, position) do update set next_at = greatest(p.next_at, clock()) + make_interval(secs => $3)
     returning next_at - make_interval(secs => $3) as first`,
    [campaignId, position, seconds],
  );
  return rows[0]!.first;
}

/** Earlier enrolments of these leads in the campaign, by `lead/key`. Read under the leads' locks. */
export async function loadHistory(tx: Queryable, campaignId: string, leadIds: readonly string[]): Promise<Map<string, History>> {
  const { rows } = await tx.query<History & { leadId: string; key: string }>(
    `select lead_id as "leadId", key, bool_or(state = 'active') as active, max(ended_at) as "lastEndedAt"
       from enrolment where campaign_id = $1 and lead_id = any($2::uuid[]) group by lead_id, key`,
    [campaignId, leadIds],
  );
  return new Map(rows.map(({ leadId, key, ...history }) => [`${leadId}/${key}`, history]));
}

export interface NewEnrolment {
  leadId: string;
  key: string;
  enteredAt: Date;
  eventId: string | null;
  properties: Record<string, unknown>;
  /** Held out for comparison. */
  holdout: boolean;
}

/** Enrols them at the first step, due at once. Answers the ids, in the order given; null where one was active after all. */
export async function enrol(
  tx: Queryable,
  campaignId: string,
  versionId: string,
  firstStep: string,
  people: readonly NewEnrolment[],
): Promise<(string | null)[]> {
  const { rows } = await tx.query<{ id: string; leadId: string; key: string }>(
    `insert into enrolment (campaign_id, version_id, lead_id, slot, test, key, step_id, arrived_at, due_at, entry, entered_at, entry_event_id, holdout)
     select $1, $2, l.id, l.slot, l.test, p.key, $3, (select clock()), (select clock()), p.properties, least(p.entered_at, (select clock())), p.event_id, p.holdout
       from rows from (unnest($4::uuid[], $5::text[], $6::timestamptz[], $7::uuid[], $8::boolean[]), jsonb_array_elements($9))
         with ordinality as p (lead_id, key, entered_at, event_id, holdout, properties, n)
       join lead l on l.id = p.lead_id
      order by n
     on conflict (campaign_id, lead_id, key) where state = 'active' do nothing
     returning id, lead_id as "leadId", key`,
    [
      campaignId,
      versionId,
      firstStep,
      people.map((p) => p.leadId),
      people.map((p) => p.key),
      people.map((p) => p.enteredAt),
      people.map((p) => p.eventId),
      people.map((p) => p.holdout),
      JSON.stringify(people.map((p) => p.properties)),
    ],
  );
  const ids = new Map(rows.map((row) => [`${row.leadId}/${row.key}`, row.id]));
  return people.map(({ leadId, key }) => ids.get(`${leadId}/${key}`) ?? null);
}
