import type { Capacity, PoolSettings } from '../domain/routing/pool.ts';
import type { Queryable } from './pool.ts';
import { membersOfPools, type PoolMembers } from './pools.ts';

/** A pool as it is read. */
export interface PoolView extends Partial<PoolSettings> {
  key: string;
  name: string;
  /** Leads given since the members or their weights last changed. */
  given: number;
  /** How many stand in the queue, and how many of them wait until somebody is in. */
  queued: number;
  held: number;
  members: {
    rep: string;
    weight: number;
    capacity: Capacity | null;
    given: number;
    /** How many leads they are behind their share; less than none: ahead. */
    owed: number;
    /** Takes leads at this moment: is there and, where the pool asks for it, at work, and has room. */
    present: boolean;
    /** Why not, and from when on they will, where a clock says it. */
    out: { why: 'away' | 'full' | 'full_today' | 'hours' | 'inactive'; from: Date | null } | null;
  }[];
}

interface Row extends Omit<PoolView, 'members'> {
  id: string;
  settings: PoolSettings;
  members: { id: string; rep: string; weight: number; capacity: Capacity | null; given: number }[];
}

/** Every pool with its members, by key; or one alone. */
export async function listPools(tx: Queryable, only: string | null = null): Promise<PoolView[]> {
  const { rows } = await tx.query<Row>(
    `select p.id, p.key, p.name, p.given, p.settings, coalesce(q.queued, 0)::int as queued, coalesce(q.held, 0)::int as held,
            coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'rep', r.key, 'weight', m.weight, 'capacity', m.capacity, 'given', m.given) order by r.key)
                        from pool_member m join rep r on r.id = m.rep_id where m.pool_id = p.id), '[]') as members
       from pool p
       left join (select pool_id, count(*) as queued, count(held_since) as held from opportunity where state = 'queued' group by pool_id) q on q.pool_id = p.id
      where $1::text is null or p.key = $1 order by p.key`,
    [only],
  );
  const byPool = await membersOfPools(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, settings, members, ...pool }) => {
    const { takers, rotation } = byPool.get(id) ?? nobody;
    const turns = rotation.members.reduce((sum, member) => sum + member.turns, 0);
    const total = rotation.members.reduce((sum, member) => sum + member.weight, 0);
    const shown = members.map(({ id: repId, ...member }) => {
      const taker = takers.find((one) => one.id === repId);
      const standing = rotation.members.find((one) => one.id === repId);
      const owed = standing ? standing.owed + (turns * standing.weight) / total - standing.turns : 0;
      const out = taker ? taker.out : { why: 'inactive' as const, from: null };
      return { ...member, owed: Math.round(owed * 100) / 100 + 0, present: out === null, out };
    });
    return { ...pool, ...settings, members: shown };
  });
}

const nobody: PoolMembers = { takers: [], rotation: { members: [], given: 0 } };
