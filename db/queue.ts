import type { Because, Skipped, Waiting } from '../domain/routing/choose.ts';
import type { Duration } from '../domain/calendar/duration.ts';
import type { Queryable } from './pool.ts';
import { present } from './reps.ts';

/** An opportunity in a pool's queue. */
export interface Queued extends Waiting {
  leadId: string;
  epoch: number;
  test: boolean;
  /** How long it may wait for somebody, where its routing rule says so. */
  hold: Duration | null;
  /** While nobody may take it: when it has waited as long as it may. */
  heldUntil: Date | null;
  /** How the customer's clock stands, where it has begun before. */
  wallRung: number;
  ladderSince: Date | null;
  /** Whose ladder it will climb. */
  vip: boolean;
  fit: string | null;
}

/**
 * Locks the next of a pool's queue: the green channel first, then the urgent, then as they came. Those that others hold, or that wait for
 * their next try, are left.
 */
export async function lockQueue(tx: Queryable, poolId: string, limit: number): Promise<Queued[]> {
  const { rows } = await tx.query<Queued>(
    `select o.id, o.lead_id as "leadId", o.epoch, o.test, o.asked_rep_id as "askedRepId", a.owner_rep_id as "ownerId",
            case when o.routing is null then a.owner_rep_id end as "accountOwnerId", o.urgent,
            coalesce(o.routing -> 'skills', '[]') as skills, o.routing ->> 'language' as language, o.routing ->> 'hold' as hold,
            o.held_until as "heldUntil", coalesce(o.held_until <= clock(), false) as overdue, o.wall_rung as "wallRung", o.ladder_since as "ladderSince",
            o.vip, coalesce(o.grade, s.fit) as fit
       from opportunity o left join account a on a.id = o.account_id left join lead_score s on s.lead_id = o.lead_id
      where o.pool_id = $1 and o.state = 'queued' and o.next_look_at <= clock() and (o.return_at is null or o.return_at > clock())
      order by o.vip desc, o.urgent desc, o.created_at, o.id limit $2
        for no key update of o skip locked`,
    [poolId, limit],
  );
  return rows;
}

/** Who passed an opportunity on: the ladder took it from them, they said it is not theirs, it was moved by hand, or they went away. */
export type PassedBy = 'ladder' | 'rep' | 'hand' | 'absence';

/** Which reps have had each of these already and do not any more, and how that came: they are not asked again. */
export async function passedOn(tx: Queryable, opportunityIds: readonly string[]): Promise<Map<string, Map<string, PassedBy>>> {
  const passed = new Map<string, Map<string, PassedBy>>();
  if (opportunityIds.length === 0) return passed;
  const { rows } = await tx.query<{ id: string; rep: string; by: PassedBy }>(
    `select opportunity_id as id, because ->> 'rep' as rep, because ->> 'by' as by from journal where opportunity_id = any($1::uuid[]) and kind = 'passed_on' order by at, id`,
    [opportunityIds],
  );
  for (const { id, rep, by } of rows) passed.set(id, (passed.get(id) ?? new Map<string, PassedBy>()).set(rep, by));
  return passed;
}

/** Who of its pool has the skills and the language an opportunity asks for; null where it asks for none, or nobody has them. */
export async function whoKnows(tx: Queryable, opportunityId: string): Promise<ReadonlySet<string> | null> {
  const { rows } = await tx.query<{ id: string }>(
    `select r.id from opportunity o join pool_member m on m.pool_id = o.pool_id join rep r on r.id = m.rep_id and r.active
      where o.id = $1 and (o.routing ? 'skills' or o.routing ? 'language')
        and to_jsonb(r.skills) @> coalesce(o.routing -> 'skills', '[]')
        and (o.routing ->> 'language' is null or o.routing ->> 'language' = any(r.languages))`,
    [opportunityId],
  );
  return rows.length > 0 ? new Set(rows.map(({ id }) => id)) : null;
}

/** One offer: to whom, when the rep's clock first rings, and why this rep. */
export interface Offer {
  id: string;
  repId: string;
  rung: number;
  nextLookAt: Date;
  by: Because['by'];
  /** What more speaks for this rep. */
  because?: Omit<Because, 'by'>;
  /** False: it does not count in the rotation of its pool. */
  counts?: boolean;
}

/** Makes the offers, under `lockQueue` or `lockStanding`: a new epoch each, so that older links are worth nothing. Journals them. */
export async function offer(tx: Queryable, offers: readonly Offer[]): Promise<void> {
  if (offers.length === 0) return;
  await tx.query(
    `with made as (
       select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::timestamptz[], $5::jsonb[], $6::boolean[])
         as m (id, rep_id, rung, next_look_at, because, counts)),
     offered as (
       update opportunity o
          set state = 'offered', owner_rep_id = m.rep_id, asked_rep_id = null, epoch = o.epoch + 1, rung = m.rung, offered_at = clock(), rung_due_at = null,
              next_look_at = least(m.next_look_at, o.return_at), counted_rep_id = case when m.counts then m.rep_id end, held_since = null, held_until = null
         from made m where o.id = m.id and o.state in ('queued', 'offered')
       returning o.id, o.lead_id, o.epoch, o.pool_id, m.rep_id, m.because)
     insert into journal (kind, lead_id, opportunity_id, because)
     select 'offered', f.lead_id, f.id, jsonb_build_object('rep', f.rep_id, 'name', r.name, 'epoch', f.epoch, 'pool', p.key) || f.because
       from offered f join rep r on r.id = f.rep_id join pool p on p.id = f.pool_id`,
    [
      offers.map((o) => o.id),
      offers.map((o) => o.repId),
      offers.map((o) => o.rung),
      offers.map((o) => o.nextLookAt),
      offers.map((o) => JSON.stringify({ ...o.because, by: o.by })),
      offers.map((o) => o.counts ?? true),
    ],
  );
}

/** One that nobody may take for now. */
export interface Left {
  id: string;
  nextLookAt: Date;
  /** When its waiting ends; null: it waits as long as it takes. */
  heldUntil: Date | null;
  skipped: Skipped;
}

/** Nobody can take these now: they stay in the queue and are looked at again then. That a waiting began is journalled. */
export async function leaveQueued(tx: Queryable, left: readonly Left[]): Promise<void> {
  if (left.length === 0) return;
  await tx.query(
    `with l as (select * from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::jsonb[]) as l (id, next_look_at, held_until, skipped)),
     began as (
       insert into journal (kind, lead_id, opportunity_id, because)
       select 'held', o.lead_id, o.id, jsonb_strip_nulls(jsonb_build_object('pool', p.key, 'skipped', l.skipped, 'next', l.next_look_at, 'until', l.held_until))
         from l join opportunity o using (id) join pool p on p.id = o.pool_id where o.state = 'queued' and o.held_since is null)
     update opportunity o set next_look_at = least(l.next_look_at, o.return_at), held_since = coalesce(o.held_since, clock()), held_until = l.held_until
       from l where o.id = l.id and o.state = 'queued'`,
    [left.map((l) => l.id), left.map((l) => l.nextLookAt), left.map((l) => l.heldUntil), left.map((l) => JSON.stringify(l.skipped))],
  );
}

/**
 * They have waited as long as they may: they stand in another pool's queue from here on, if there is one of this key; not in that of a partner who gave them
 * back already. Answers which do.
 */
export async function moveQueued(tx: Queryable, ids: readonly string[], toPoolKey: string): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>(
    `with moved as (
       update opportunity o
          set pool_id = t.id, epoch = o.epoch + 1, counted_rep_id = null, held_since = null, held_until = null, next_look_at = clock(),
              returns_to_pool = case when t.settings ? 'partner' then coalesce(o.returns_to_pool, f.id) end, return_at = null
         from pool t, pool f where t.key = $2 and o.id = any($1::uuid[]) and o.state = 'queued' and f.id = o.pool_id
          and not exists (select from journal j where j.opportunity_id = o.id and j.kind = 'partner_returned' and j.because ->> 'from' = t.key)
       returning o.id, o.lead_id, f.key as "from", t.key as "to"),
     noted as (
       insert into journal (kind, lead_id, opportunity_id, because)
       select 'moved_on', lead_id, id, jsonb_build_object('from', "from", 'pool', "to") from moved order by id)
     select id from moved order by id`,
    [ids, toPoolKey],
  );
  return rows.map((row) => row.id);
}

/**
 * A rep is away from now on (null: everybody whose absence has begun): what is offered to them, unanswered, goes back to the queue at once, first in line; to
 * their stand-in where they have one. The customer's clock goes on. What of somebody who leaves is their handing over's. Answers which, to poke.
 */
export async function releaseOffers(tx: Queryable, repId: string | null): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `with theirs as materialized (
       select o.id, r.id as rep_id, r.name, r.stand_in_rep_id from opportunity o join rep r on r.id = o.owner_rep_id
        where ${repId === null ? 'r.left_at is null' : 'r.id = $1'} and o.closed_at is null and o.state = 'offered' and not (${present})
        order by o.id for no key update of o),
     released as (
       update opportunity o
          set state = 'queued', owner_rep_id = null, asked_rep_id = case when t.stand_in_rep_id is not null then t.rep_id end, epoch = epoch + 1, rung = 0,
              urgent = true, next_look_at = clock(), ladder_since = coalesce(o.ladder_since, o.offered_at)
         from theirs t where o.id = t.id
       returning o.id, o.lead_id, o.epoch, t.rep_id, t.name),
     noted as (
       insert into journal (kind, lead_id, opportunity_id, because)
       select 'passed_on', lead_id, id, jsonb_build_object('rep', rep_id, 'name', name, 'by', 'absence', 'epoch', epoch - 1) from released order by id)
     select id from released order by id`,
    repId === null ? [] : [repId],
  );
  return rows.map((row) => row.id);
}

/** Somebody has come who may take: the waiting queues of these pools (all where null) are due now. Answers one opportunity of each, to poke. */
export async function retryQueues(tx: Queryable, poolIds: readonly string[] | null): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `with due as (
       update opportunity set next_look_at = clock() where state = 'queued' and next_look_at > clock() and ($1::uuid[] is null or pool_id = any($1::uuid[]))
       returning id, pool_id)
     select distinct on (pool_id) id from due order by pool_id, id`,
    [poolIds],
  );
  return rows.map((row) => row.id);
}
