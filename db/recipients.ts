import { TendrilError } from '../domain/errors.ts';
import { assign, type Rotation } from '../domain/routing/rotation.ts';
import type { Recipient } from '../domain/tasks/recipient.ts';
import { lockPool, rotationOf, saveRotation } from './pools.ts';
import type { Queryable } from './pool.ts';
import { managers, present, presentReps } from './reps.ts';

/** Somebody of the firm is asked for, about a lead, or about a company alone. */
export interface Asked {
  leadId: string | null;
  /** Where there is no lead. */
  accountId?: string | null;
  to: Recipient;
  /** Key of the pool whose turn it is where nobody has the lead; null: the qualification standard's, else the oldest. */
  pool?: string | null;
  /** Whose turn it may be, while any of them is there; left out: anybody's of the pool. */
  among?: ReadonlySet<string>;
}

interface Found {
  /** Has the lead, and is there: of its newest open opportunity, else of its company. */
  ownerId: string | null;
  accountOwnerId: string | null;
  repId: string | null;
  poolId: string | null;
  usualPoolId: string | null;
}

/**
 * One rep for each, in order: the owner, else whoever is next in the pool's fair rotation (who has the company already comes first), else a
 * manager, else anybody. Takes the locks of the pools it gives from, in id order, and counts what it gives. Throws `conflict` where the firm has nobody.
 */
export async function chooseReps(tx: Queryable, asked: readonly Asked[]): Promise<string[]> {
  if (asked.length === 0) return [];
  const found = await lookUp(tx, asked);
  const pools = found.map((one, n) => poolFor(asked[n]!, one));
  const rotations = new Map<string, Rotation>();
  for (const poolId of [...new Set(pools.filter((id) => id !== null))].toSorted()) {
    await lockPool(tx, poolId, { wait: true });
    rotations.set(poolId, await rotationOf(tx, poolId, 'present'));
  }
  const chosen = found.map((one, n) => {
    const direct = directly(asked[n]!, one);
    if (direct !== null || pools[n] === null) return direct;
    const rotation = rotations.get(pools[n]!)!;
    const isThere = (may: (id: string) => boolean): boolean => rotation.members.some(({ id, taking }) => taking && may(id));
    const preferred = [(id: string) => id === one.accountOwnerId, (id: string) => asked[n]!.among?.has(id) ?? false].find(isThere);
    const next = assign(rotation, 1, preferred);
    rotations.set(pools[n]!, next.rotation);
    return next.to[0] ?? null;
  });
  for (const [poolId, rotation] of rotations) await saveRotation(tx, poolId, rotation);
  const fallback = chosen.includes(null) ? await anybody(tx) : null;
  return chosen.map((id) => id ?? fallback!);
}

/** Who needs no rotation. */
function directly({ to }: Asked, { ownerId, repId, poolId }: Found): string | null {
  switch (to.who) {
    case 'owner':
      return ownerId;
    case 'rep':
      return repId;
    case 'named':
      return poolId === null ? repId : null;
    default:
      return null;
  }
}

function poolFor(asked: Asked, found: Found): string | null {
  if (directly(asked, found) !== null || asked.to.who === 'manager' || asked.to.who === 'rep') return null;
  return asked.to.who === 'owner' ? (found.poolId ?? found.usualPoolId) : found.poolId;
}

async function lookUp(tx: Queryable, asked: readonly Asked[]): Promise<Found[]> {
  const { rows } = await tx.query<Found>(
    `with usual as (
       select coalesce(
         (select p.id from pool p where p.key =
           (select body ->> 'pool' from document where kind = 'standard' and key = 'default' order by version desc limit 1)),
         (select id from pool order by id limit 1)) as id)
     select coalesce(o.id, a.id) as "ownerId", a.id as "accountOwnerId", r.id as "repId", p.id as "poolId", usual.id as "usualPoolId"
       from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) with ordinality as w (lead_id, pool, rep, account_id, n)
       cross join usual
       left join lead l on l.id = w.lead_id
       left join lateral (
         select r.id from opportunity_lead ol join opportunity op on op.id = ol.opportunity_id join rep r on r.id = op.owner_rep_id
          where ol.lead_id = w.lead_id and op.closed_at is null and ${present}
          order by op.created_at desc, op.id desc limit 1) o on true
       left join lateral (
         select r.id from account c join rep r on r.id = c.owner_rep_id where c.id = coalesce(l.account_id, w.account_id) and ${present}) a on true
       left join rep r on r.key = w.rep and r.active
       left join pool p on p.key = w.pool
      order by w.n`,
    [
      asked.map((one) => one.leadId),
      asked.map((one) => (one.to.who === 'pool' || one.to.who === 'named' ? one.to.key : (one.pool ?? null))),
      asked.map((one) => (one.to.who === 'rep' || one.to.who === 'named' ? one.to.key : null)),
      asked.map((one) => one.accountId ?? null),
    ],
  );
  return rows;
}

/** A manager, else whoever is there, before people of other firms. */
async function anybody(tx: Queryable): Promise<string> {
  const [manager] = await managers(tx);
  if (manager) return manager.id;
  const { rows } = await tx.query<{ id: string }>(
    `select r.id from rep r where r.active order by (r.partner is null) desc, (${present}) desc, r.id limit 1`,
  );
  if (!rows[0]) throw new TendrilError('conflict', 'There is nobody to give this to: this workspace has no reps');
  return rows[0].id;
}

/** The managers, else all who are there to hear it. */
async function everybody(tx: Queryable): Promise<string[]> {
  const told = await managers(tx);
  return (told.length > 0 ? told : [...(await presentReps(tx)).values()]).map(({ id }) => id);
}

/** Who hears of it: all that are meant, so of a pool everybody in it; the managers, or everybody, where nobody is. By the number of the request. */
export async function readersOf(tx: Queryable, asked: readonly Asked[]): Promise<{ n: number; repId: string }[]> {
  if (asked.length === 0) return [];
  const found = await lookUp(tx, asked);
  const pools = [...new Set(found.flatMap(({ poolId }) => poolId ?? []))];
  const { rows } = await tx.query<{ poolId: string; repId: string }>(
    `select m.pool_id as "poolId", r.id as "repId" from pool_member m join rep r on r.id = m.rep_id where m.pool_id = any($1::uuid[]) and r.active order by r.id`,
    [pools],
  );
  const told = found.map((one, n) => {
    const direct = directly(asked[n]!, one);
    if (direct) return [direct];
    return asked[n]!.to.who === 'manager' ? [] : rows.filter(({ poolId }) => poolId === one.poolId).map(({ repId }) => repId);
  });
  const fallback = told.some((reps) => reps.length === 0) ? await everybody(tx) : [];
  return told.flatMap((reps, n) => (reps.length > 0 ? reps : fallback).map((repId) => ({ n, repId })));
}
