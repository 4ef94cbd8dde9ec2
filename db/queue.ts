import type { Queryable } from './pool.ts';
import { present } from './reps.ts';

/** An opportunity in a pool's queue. */
export interface Queued {
  id: string;
  leadId: string;
  epoch: number;
  test: boolean;
  /** Who is to have it, by hand. */
  askedRepId: string | null;
  /** Who has the account already. */
  accountOwnerId: string | null;
}

/** Locks the next of a pool's queue: the urgent first, then as they came. Those that others hold, or that wait for their next try, are left. */
export async function lockQueue(tx: Queryable, poolId: string, limit: number): Promise<Queued[]> {
  const { rows } = await tx.query<Queued>(
    `select o.id, o.lead_id as "leadId", o.epoch, o.test, o.asked_rep_id as "askedRepId", a.owner_rep_id as "accountOwnerId"
       from opportunity o left join account a on a.id = o.account_id
      where o.pool_id = $1 and o.state = 'queued' and o.next_look_at <= clock()
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
    `select opportunity_id as id, because ->> 'rep' as rep, because ->> 'by' as by from journal where opportunity_id = any($1) and kind = 'passed_on' order by at, id`,
    [opportunityIds],
  );
  for (const { id, rep, by } of rows) passed.set(id, (passed.get(id) ?? new Map<string, PassedBy>()).set(rep, by));
  return passed;
}

/** One offer: to whom, when the rep's clock first rings, and why this rep. */
export interface Offer {
  id: string;
  repId: string;
  rung: number;
  nextLookAt: Date;
  by: 'rotation' | 'account owner' | 'asked for';
}

/** Makes the offers, under `lockQueue` or `lockStanding`: a new epoch each, so that older links are worth nothing. Journals them. */
export async function offer(tx: Queryable, offers: readonly Offer[]): Promise<void> {
  if (offers.length === 0) return;
  await tx.query(
    `with made as (
       select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::timestamptz[], $5::text[]) as m (id, rep_id, rung, next_look_at, by)),
     offered as (
       update opportunity o
          set state = 'offered', owner_rep_id = m.rep_id, asked_rep_id = null, epoch = o.epoch + 1, rung = m.rung, offered_at = clock(), next_look_at = m.next_look_at
         from made m where o.id = m.id and o.state in ('queued', 'offered')
       returning o.id, o.lead_id, o.epoch, m.rep_id, m.by)
     insert into journal (kind, lead_id, opportunity_id, because)
     select 'offered', f.lead_id, f.id, jsonb_build_object('rep', f.rep_id, 'name', r.name, 'by', f.by, 'epoch', f.epoch)
       from offered f join rep r on r.id = f.rep_id`,
    [
      offers.map((o) => o.id),
      offers.map((o) => o.repId),
      offers.map((o) => o.rung),
      offers.map((o) => o.nextLookAt),
      offers.map((o) => o.by),
    ],
  );
}

/** Nobody can take these now: they stay in the queue and are looked at again then. */
export async function leaveQueued(tx: Queryable, ids: readonly string[], nextLookAt: Date): Promise<void> {
  if (ids.length > 0) await tx.query(`update opportunity set next_look_at = $2 where id = any($1) and state = 'queued'`, [ids, nextLookAt]);
}

/** A rep is away from now on: what is offered to them, unanswered, goes back to the queue at once, first in line. Answers which, to poke. */
export async function releaseOffers(tx: Queryable, repId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `with released as (
       update opportunity o
          set state = 'queued', owner_rep_id = null, asked_rep_id = null, epoch = epoch + 1, rung = 0, urgent = true, next_look_at = clock()
         from rep r where r.id = $1 and o.owner_rep_id = r.id and o.state = 'offered' and not (${present})
       returning o.id, o.lead_id, o.epoch, r.name),
     noted as (
       insert into journal (kind, lead_id, opportunity_id, because)
       select 'passed_on', lead_id, id, jsonb_build_object('rep', $1::uuid, 'name', name, 'by', 'absence', 'epoch', epoch - 1) from released order by id)
     select id from released order by id`,
    [repId],
  );
  return rows.map((row) => row.id);
}

/** Somebody has come who may take: the waiting queues of these pools (all where null) are due now. Answers one opportunity of each, to poke. */
export async function retryQueues(tx: Queryable, poolIds: readonly string[] | null): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `with due as (
       update opportunity set next_look_at = clock() where state = 'queued' and next_look_at > clock() and ($1::uuid[] is null or pool_id = any($1))
       returning id, pool_id)
     select distinct on (pool_id) id from due order by pool_id, id`,
    [poolIds],
  );
  return rows.map((row) => row.id);
}
