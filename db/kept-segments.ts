import { parseSegment, type Condition } from '../domain/conditions/condition.ts';
import type { Pace } from '../domain/campaign/pace.ts';
import { conditionFrom, conditionSql } from './conditions/condition-sql.ts';
import { createParams } from './conditions/params.ts';
import { addCandidates } from './candidates.ts';
import type { Queryable } from './pool.ts';
import { segmentScope } from './segments.ts';
import { loadSurroundings, type Surroundings } from './surroundings.ts';
import type { Woken } from './wakes.ts';

/** A segment whose members are known at any time, because some campaign's entry needs them. */
export interface KeptSegment {
  key: string;
  condition: Condition;
}

/** All of them, without those that cannot be read: their reason stands with them. Costs next to nothing while there are none. */
export async function keptSegments(tx: Queryable): Promise<KeptSegment[]> {
  const { rows } = await tx.query<{ key: string }>('select segment_key as key from kept_segment where error is null');
  if (rows.length === 0) return [];
  const scope = await segmentScope(tx);
  return rows.flatMap(({ key }) => {
    try {
      return [{ key, condition: parseSegment({ segment: key }, scope) }];
    } catch {
      return [];
    }
  });
}

/**
 * Has these leads looked at anew: who has come into a segment and who has left it, written, and whoever has come put before the campaigns
 * that it brings people into. Call it under `lockLeads`. A statement for each segment and one for each campaign, whatever the number of leads.
 * Answers whom to poke after the commit.
 */
export async function refreshMembers(tx: Queryable, segments: readonly KeptSegment[], leadIds: readonly string[]): Promise<Woken[]> {
  if (segments.length === 0 || leadIds.length === 0) return [];
  const around = await loadSurroundings(tx);
  const woken: Woken[] = [];
  for (const segment of segments) {
    const params = createParams([segment.key, leadIds]);
    const { rows } = await tx.query<{ leadId: string }>(
      `with inside as materialized (select l.id from ${conditionFrom} where l.id = any($2::uuid[]) and ${conditionSql(segment.condition, { params, around })}),
       gone as (
         delete from segment_member m where m.segment_key = $1 and m.lead_id = any($2::uuid[]) and not exists (select from inside i where i.id = m.lead_id))
       insert into segment_member (segment_key, lead_id) select $1, id from inside order by id on conflict do nothing returning lead_id as "leadId"`,
      params.values,
    );
    woken.push(...(await bringIn(tx, segment.key, rows)));
  }
  return woken;
}

interface Bringing {
  campaignId: string;
  position: number;
  rate: Pace | null;
  needsScore: boolean;
  started: boolean;
}

/**
 * Puts those who have come into a segment before the campaigns whose entry it is. A campaign that has not begun to listen cannot begin until this
 * transaction is through: then these are seen among the first members.
 */
async function bringIn(tx: Queryable, key: string, comers: readonly { leadId: string }[]): Promise<Woken[]> {
  if (comers.length === 0) return [];
  const { rows } = await tx.query<Bringing>(`${BRINGING} where s.segment_key = $1 order by e.campaign_id, e.position for share of s`, [
    key,
  ]);
  const woken: Woken[] = [];
  for (const entry of rows.filter(({ started }) => started))
    woken.push(...(await addCandidates(tx, { ...entry, rate: entry.rate ?? undefined }, comers)));
  return woken;
}

const BRINGING = `select e.campaign_id as "campaignId", e.position, e.body ->> 'rate' as rate, e.needs_score as "needsScore", s.started_at is not null as started
  from segment_entry s join campaign_entry e on e.campaign_id = s.campaign_id and e.kind = 'segment' and e.body ->> 'segment' = s.segment_key`;

/** Which leads of the next `window` (by id) are in the segment without being written there, or the other way round; and how far that went, null at the end. */
export async function strays(
  tx: Queryable,
  { key, condition }: KeptSegment,
  after: string | null,
  window: number,
  around: Surroundings,
): Promise<{ leadIds: string[]; last: string | null }> {
  const { rows: bound } = await tx.query<{ last: string }>(
    'select id as last from lead where $1::uuid is null or id > $1 order by id offset $2 limit 1',
    [after, window - 1],
  );
  const last = bound[0]?.last ?? null;
  const params = createParams([key, after, last]);
  const { rows } = await tx.query<{ id: string }>(
    `select l.id from ${conditionFrom} left join segment_member m on m.segment_key = $1 and m.lead_id = l.id
      where ($2::uuid is null or l.id > $2) and ($3::uuid is null or l.id <= $3)
        and (m.lead_id is not null) <> ${conditionSql(condition, { params, around })}
      order by l.id`,
    params.values,
  );
  return { leadIds: rows.map((row) => row.id), last };
}

/** A segment to be looked through, locked. */
export interface DueSegment {
  key: string;
  after: string | null;
}

/** The kept segment that has waited longest for its pass, locked; null when none is due, or others hold it. Those that no campaign needs any more are dropped first. */
export async function lockDueSegment(tx: Queryable): Promise<DueSegment | null> {
  await tx.query(
    `with needless as (
       delete from kept_segment k where not exists (select from segment_entry e where e.segment_key = k.segment_key) returning segment_key)
     delete from segment_member where segment_key in (select segment_key from needless)`,
  );
  const { rows } = await tx.query<DueSegment>(
    `select segment_key as key, pass_after as after from kept_segment where due_at <= clock() order by due_at, segment_key limit 1 for no key update skip locked`,
  );
  return rows[0] ?? null;
}

/** The pass goes on from here at once. */
export async function goOnFrom(tx: Queryable, key: string, last: string): Promise<void> {
  await tx.query('update kept_segment set pass_after = $2, error = null where segment_key = $1', [key, last]);
}

/** How long after a first pass the second follows: no transaction that knew nothing of the segment is still under way by then. */
const SECOND_PASS = '5 minutes';

/** The pass is through; the next one begins after so many ms of workspace time, or when something changes. */
export async function endPass(tx: Queryable, key: string, nextMs: number | null): Promise<void> {
  await tx.query(
    `update kept_segment set pass_after = null, error = null, again = false, filled_at = coalesce(filled_at, clock()),
            due_at = case when again then clock() + interval '${SECOND_PASS}' else clock() + make_interval(secs => $2::float8 / 1000) end
      where segment_key = $1`,
    [key, nextMs],
  );
}

/** The segment cannot be looked through: the reason is kept, and it is tried again in an hour, or when it changes. */
export async function setSegmentAside(tx: Queryable, key: string, error: string): Promise<void> {
  await tx.query(`update kept_segment set pass_after = null, error = $2, due_at = clock() + interval '1 hour' where segment_key = $1`, [
    key,
    error.slice(0, 500),
  ]);
}

/** Begins to listen to filled segments for campaigns that wait for it; with `atLaunch: include` those who are in it now are taken in from here on. */
export async function startEntries(tx: Queryable): Promise<void> {
  await tx.query(
    `update segment_entry s
        set started_at = clock(),
            taken_after = case when exists (
              select from campaign_entry e where e.campaign_id = s.campaign_id and e.kind = 'segment' and e.body ->> 'segment' = s.segment_key
                 and e.body ->> 'atLaunch' = 'include') then '00000000-0000-0000-0000-000000000000'::uuid end
       from kept_segment k where k.segment_key = s.segment_key and k.filled_at is not null and s.started_at is null`,
  );
}

/** Takes in up to `limit` of those who were in a segment at launch, of one campaign; null when nobody is left anywhere. Answers whom to poke. */
export async function takeFirstMembers(tx: Queryable, limit: number): Promise<Woken[] | null> {
  const { rows: waiting } = await tx.query<{ campaignId: string; key: string; after: string; startedAt: Date }>(
    `select campaign_id as "campaignId", segment_key as key, taken_after as after, started_at as "startedAt"
       from segment_entry where taken_after is not null order by campaign_id, segment_key limit 1 for no key update skip locked`,
  );
  const entry = waiting[0];
  if (!entry) return null;
  const { rows: members } = await tx.query<{ leadId: string }>(
    `select lead_id as "leadId" from segment_member where segment_key = $1 and lead_id > $2 and since <= $3 order by lead_id limit $4`,
    [entry.key, entry.after, entry.startedAt, limit],
  );
  const { rows: entries } = await tx.query<Bringing>(
    `${BRINGING} where s.segment_key = $1 and s.campaign_id = $2 and e.body ->> 'atLaunch' = 'include' order by e.position`,
    [entry.key, entry.campaignId],
  );
  const woken: Woken[] = [];
  for (const one of entries) woken.push(...(await addCandidates(tx, { ...one, rate: one.rate ?? undefined }, members)));
  await tx.query('update segment_entry set taken_after = $3 where campaign_id = $1 and segment_key = $2', [
    entry.campaignId,
    entry.key,
    members.length < limit ? null : members.at(-1)!.leadId,
  ]);
  return woken;
}

/** What is to come: whether any segment is kept at all, and real ms until they are to be looked at again; null when that waits for a poke, or the clock stands still. */
export async function segmentsOutlook(tx: Queryable, busyMs: number): Promise<{ any: boolean; sleepMs: number | null }> {
  const { rows } = await tx.query<{ any: boolean; sleepMs: number | null }>(
    `select exists (select from kept_segment) as any,
            case when due <= clock() or exists (select from segment_entry where taken_after is not null) then $1::float8 else real_ms_until(due) end as "sleepMs"
       from (select min(due_at) as due from kept_segment) k`,
    [busyMs],
  );
  return rows[0]!;
}
