import type { Mailed } from '../domain/campaign/caps.ts';
import { type SendingDocument, sendingDocument } from '../domain/campaign/sending.ts';
import type { Barred } from '../domain/campaign/take-turns.ts';
import { isActive } from './enrolments.ts';
import type { Queryable } from './pool.ts';
import { answered } from './reply-pause.ts';
import type { Woken } from './wakes.ts';

/** A version of a live campaign that comes before others. */
export interface Higher {
  versionId: string;
  priority: number;
  key: string;
}

/** The rules of the workspace, and the versions of live marketing campaigns above `priority`, this campaign's own left out. */
export async function sendingRules(
  tx: Queryable,
  campaignId: string,
  priority: number,
): Promise<{ document: SendingDocument; zone: string; higher: Higher[] }> {
  const { rows } = await tx.query<{ document: unknown; zone: string; higher: Higher[] }>(
    `select (select body from document where kind = 'sending' and key = 'default' order by version desc limit 1) as document,
            (select timezone from workspace) as zone,
            (select coalesce(jsonb_agg(jsonb_build_object('versionId', v.id, 'priority', v.priority, 'key', c.key)), '[]')
               from campaign c join campaign_version v on v.campaign_id = c.id
              where c.state = 'live' and c.id <> $1 and v.marketing and v.priority > $2) as higher`,
    [campaignId, priority],
  );
  const { document, zone, higher } = rows[0]!;
  return { document: sendingDocument.parse(document ?? {}), zone, higher };
}

/** A lead, as far as its marketing may be held: the account it belongs to, and what keeps mail from it. */
export interface Standing extends Barred {
  accountId: string | null;
}

/**
 * How these leads stand, by id: two statements whatever their number, a third where one has an account. `priority` is that of the mail's
 * campaign, `campaignId` that campaign; `complaintMs` how long a complaint counts, null: not at all.
 */
export async function standingOf(
  tx: Queryable,
  leads: readonly { leadId: string; priority: number }[],
  { campaignId, higher, complaintMs, cases }: { campaignId: string; higher: readonly Higher[]; complaintMs: number | null; cases: boolean },
): Promise<Map<string, Standing>> {
  const { rows } = await tx.query<{
    leadId: string;
    accountId: string | null;
    paused: boolean;
    answered: boolean;
    pausedUntil: Date | null;
    higher: string | null;
  }>(
    `select a.lead_id as "leadId", l.account_id as "accountId", l.paused_at is not null and coalesce(l.paused_until > (select clock()), true) as paused,
            l.paused_until as "pausedUntil", ${answered('$6', 'l.id')} as answered, h.key as higher
       from unnest($1::uuid[], $2::int[]) as a (lead_id, priority)
       join lead l on l.id = a.lead_id
       left join lateral (
         select v.key from enrolment e join unnest($3::uuid[], $4::int[], $5::text[]) as v (id, priority, key) on v.id = e.version_id
          where cardinality($3) > 0 and e.lead_id = l.id and ${isActive('e')} and not e.holdout and v.priority > a.priority
          order by v.priority desc, v.key limit 1) h on true`,
    [
      leads.map((one) => one.leadId),
      leads.map((one) => one.priority),
      higher.map((one) => one.versionId),
      higher.map((one) => one.priority),
      higher.map((one) => one.key),
      campaignId,
    ],
  );
  const accounts = await pausedAccounts(tx, [...new Set(rows.flatMap((row) => row.accountId ?? []))], { complaintMs, cases });
  return new Map(
    rows.map(({ leadId, accountId, paused, answered: hasAnswered, pausedUntil, higher: first }) => [
      leadId,
      {
        accountId,
        paused: pauseOf(paused, pausedUntil, hasAnswered),
        account: accountId === null ? null : (accounts.get(accountId) ?? null),
        higher: first,
      },
    ]),
  );
}

/** What they asked for themselves, or was set by hand, says more than that they have answered. */
export function pauseOf(paused: boolean, until: Date | null, hasAnswered: boolean): Barred['paused'] {
  if (paused) return { until };
  return hasAnswered ? { until: null, answered: true } : null;
}

/** Which of these accounts get no marketing, for an open service case or somebody's complaint. */
export async function pausedAccounts(
  tx: Queryable,
  accountIds: readonly string[],
  { complaintMs, cases }: { complaintMs: number | null; cases: boolean },
): Promise<Map<string, NonNullable<Barred['account']>>> {
  if (accountIds.length === 0 || (complaintMs === null && !cases)) return new Map();
  const { rows } = await tx.query<{ accountId: string; because: 'complaint' | 'case'; until: Date | null }>(
    `select l.account_id as "accountId", 'complaint' as because, max(s.at) + make_interval(secs => $2::float8 / 1000) as until
       from suppression s join lead l on l.email = s.address
      where s.kind = 'complaint' and s.at > (select clock()) - make_interval(secs => $2::float8 / 1000) and l.account_id = any($1::uuid[]) group by l.account_id
     union all
     select distinct coalesce(r.account_id, l.account_id), 'case', null::timestamptz
       from record r left join lead l on l.id = r.lead_id
      where $3 and r.kind = 'case' and r.status = 'open' and coalesce(r.account_id, l.account_id) = any($1::uuid[])`,
    [accountIds, complaintMs, cases],
  );
  // A case, whose end nobody knows, outlasts a complaint.
  return new Map(rows.map(({ accountId, ...paused }) => [accountId, paused]));
}

/** Takes these guards, in the order of their keys: whoever holds one may count, and add to what it counted. */
export async function takeGuards(tx: Queryable, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const sorted = [...new Set(keys)].toSorted();
  await tx.query(
    'insert into sending_guard (key) select key from unnest($1::text[]) as k (key) order by key collate "C" on conflict do nothing',
    [sorted],
  );
  await tx.query('select from sending_guard where key = any($1) order by key for no key update', [sorted]);
}

/** Enrolments of the campaign that are in outreach, by account: still in it, and mailed by it. */
export async function inOutreach(tx: Queryable, campaignId: string, accountIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const { rows } = await tx.query<{ accountId: string; enrolments: string[] }>(
    `select l.account_id as "accountId", array_agg(e.id) as enrolments
       from lead l join enrolment e on e.lead_id = l.id
      where l.account_id = any($2::uuid[]) and e.campaign_id = $1 and ${isActive('e')}
        and exists (select from send s where s.lead_id = e.lead_id and s.enrolment_id = e.id and s.class = 'marketing' and s.state not in ('cancelled', 'suppressed', 'failed'))
      group by l.account_id`,
    [campaignId, accountIds],
  );
  return new Map(rows.map(({ accountId, enrolments }) => [accountId, new Set(enrolments)]));
}

/** The marketing mails that have left since or are to leave, by lead and by account. What is overdue is to leave now; with `overdue: 'left out'` it is not counted. */
export async function mailedSince(
  tx: Queryable,
  {
    leadIds,
    accountIds,
    since,
    overdue = 'now',
  }: { leadIds: readonly string[]; accountIds: readonly string[]; since: Date; overdue?: 'now' | 'left out' },
): Promise<Map<string, Mailed[]>> {
  const { rows } = await tx.query<Mailed & { leadId: string; accountId: string | null }>(
    `with people as (select id, account_id from lead where id = any($1::uuid[]) union select id, account_id from lead where account_id = any($2::uuid[]))
     select p.id as "leadId", p.account_id as "accountId", m.*
       from people p cross join lateral (
         select s.campaign_id as "campaignId", s.topic,
                case when s.state <> 'queued' then coalesce(s.in_flight_at, s.due_at) when $4 then greatest(s.due_at, (select clock())) else s.due_at end as at
           from send s where s.lead_id = p.id and s.class = 'marketing' and s.state not in ('cancelled', 'suppressed', 'failed')) m
      where m.at >= $3`,
    [leadIds, accountIds, since, overdue === 'now'],
  );
  const mailed = new Map<string, Mailed[]>();
  const add = (subject: string, mail: Mailed): void => void mailed.set(subject, [...(mailed.get(subject) ?? []), mail]);
  for (const { leadId, accountId, ...mail } of rows) {
    add(leadId, mail);
    if (accountId !== null) add(accountId, mail);
  }
  return mailed;
}

/** How full the campaign's throttle is, by the start of each bucket (epoch ms), from an instant on; older buckets are forgotten. */
export async function throttleFrom(tx: Queryable, campaignId: string, from: Date): Promise<Map<number, number>> {
  await tx.query(`delete from rate_bucket where campaign_id = $1 and starts_at < (select clock()) - interval '2 days'`, [campaignId]);
  const { rows } = await tx.query<{ startsAt: Date; taken: number }>(
    `select starts_at as "startsAt", taken from rate_bucket where campaign_id = $1 and starts_at > $2`,
    [campaignId, from],
  );
  return new Map(rows.map(({ startsAt, taken }) => [startsAt.getTime(), taken]));
}

/** Writes how full the buckets are now. */
export async function fillThrottle(tx: Queryable, campaignId: string, taken: ReadonlyMap<number, number>): Promise<void> {
  if (taken.size === 0) return;
  await tx.query(
    `insert into rate_bucket (campaign_id, starts_at, taken)
     select $1, starts_at, taken from unnest($2::timestamptz[], $3::int[]) as b (starts_at, taken) order by starts_at
     on conflict (campaign_id, starts_at) do update set taken = excluded.taken where rate_bucket.taken <> excluded.taken`,
    [campaignId, [...taken.keys()].map((at) => new Date(at)), [...taken.values()]],
  );
}

/** Held enrolments of one account that are woken for each place that somebody gives up. */
const NEXT_IN_LINE = 20;

/**
 * These enrolments of a campaign have ended, or a mail of theirs did not leave after all. Of those that have ended the lead's others, of lower priority,
 * may mail again; where people of an account are limited, those who wait longest ask anew: under the guard of that limit, so that nobody who is just
 * being held is missed. Answers whom was woken, to poke after the commit.
 */
export async function wakeHeld(tx: Queryable, ids: readonly string[]): Promise<Woken[]> {
  if (ids.length === 0) return [];
  const { rows: guards } = await tx.query<{ key: string }>(
    `select distinct 'outreach:' || e.campaign_id || '/' || l.account_id as key
       from enrolment e join campaign_version v on v.id = e.version_id join lead l on l.id = e.lead_id
      where e.id = any($1::uuid[]) and v.body ? 'account' and l.account_id is not null`,
    [ids],
  );
  await takeGuards(
    tx,
    guards.map(({ key }) => key),
  );
  const { rows } = await tx.query<Woken>(
    `with ended as (
       select e.campaign_id, e.lead_id, e.state <> 'active' as over, v.priority, v.marketing, v.body ? 'account' as limited, l.account_id
         from enrolment e join campaign_version v on v.id = e.version_id join lead l on l.id = e.lead_id where e.id = any($1::uuid[])),
     held as (
       select h.id from ended o join enrolment h on h.lead_id = o.lead_id join campaign_version v on v.id = h.version_id
        where o.over and o.marketing and ${isActive('h')} and h.campaign_id <> o.campaign_id and v.marketing and v.priority < o.priority
       union
       select next.id
         from (select distinct campaign_id, account_id from ended where limited and account_id is not null) o
         cross join lateral (
           select h.id from lead c join enrolment h on h.lead_id = c.id
            where c.account_id = o.account_id and h.campaign_id = o.campaign_id and ${isActive('h')} and h.waiting = 'held:account_limit'
            order by h.arrived_at, h.id limit ${NEXT_IN_LINE}) next)
     insert into wake (campaign_id, slot, enrolment_id)
     select campaign_id, slot, id from enrolment join held using (id) order by id
     returning campaign_id as "campaignId", slot`,
    [ids],
  );
  return rows;
}

/** This campaign holds nobody up any longer: whoever waits for it in another one asks anew. The sweeper pokes. */
export async function wakeHeldBy(tx: Queryable, campaignId: string): Promise<void> {
  await tx.query(
    `insert into wake (campaign_id, slot, enrolment_id)
     select h.campaign_id, h.slot, h.id from enrolment o join enrolment h on h.lead_id = o.lead_id
      where o.campaign_id = $1 and o.state = 'active' and h.campaign_id <> $1 and ${isActive('h')} and h.waiting = 'held:priority' order by h.id`,
    [campaignId],
  );
}
