import { TendrilError } from '../domain/errors.ts';
import { restart, type Rotation } from '../domain/routing/rotation.ts';
import type { Queryable } from './pool.ts';
import { present } from './reps.ts';

/** Reps who share the leads of one kind, by weight. */
export interface PoolShares {
  key: string;
  name: string;
  /** Leads given since the shares last changed. */
  given: number;
  /** How many stand in the queue. */
  queued: number;
  members: { rep: string; weight: number; given: number; present: boolean }[];
}

export interface LockedPool {
  id: string;
  key: string;
  name: string;
  given: number;
  /** Workspace time of this transaction. */
  now: Date;
}

/** Locks a pool's rotation. `wait: false` answers null when somebody else is giving out its leads. */
export async function lockPool(tx: Queryable, poolId: string, { wait }: { wait: boolean }): Promise<LockedPool | null> {
  const { rows } = await tx.query<LockedPool>(
    `select id, key, name, given, clock() as now from pool where id = $1 for no key update ${wait ? '' : 'skip locked'}`,
    [poolId],
  );
  return rows[0] ?? null;
}

/** The rotation among the members who are there, counting anew when they are not those of the last time. Under `lockPool` where it is written back. */
export async function rotationOf(tx: Queryable, poolId: string): Promise<Rotation> {
  const { rows } = await tx.query<{ id: string; weight: number; given: number; taking: boolean; present: boolean; inAll: number }>(
    `select m.rep_id as id, m.weight, m.given, m.taking, ${present} as present, p.given as "inAll"
       from pool p join pool_member m on m.pool_id = p.id join rep r on r.id = m.rep_id where p.id = $1 order by m.rep_id`,
    [poolId],
  );
  const pick = ({ id, weight, given }: (typeof rows)[number]) => ({ id, weight, given });
  const standing = { given: rows[0]?.inAll ?? 0, members: rows.filter((row) => row.taking).map(pick) };
  return restart(standing, rows.filter((row) => row.present).map(pick));
}

/** Writes a rotation back: who took part, what each was given. Call it under `lockPool`. */
export async function saveRotation(tx: Queryable, poolId: string, rotation: Rotation): Promise<void> {
  await tx.query(
    `with taking as (select * from unnest($2::uuid[], $3::int[]) as t (rep_id, given)),
     members as (
       update pool_member m set given = coalesce(t.given, 0), taking = t.rep_id is not null
         from pool_member o left join taking t on t.rep_id = o.rep_id
        where m.pool_id = $1 and o.pool_id = $1 and m.rep_id = o.rep_id)
     update pool set given = $4 where id = $1`,
    [poolId, rotation.members.map((member) => member.id), rotation.members.map((member) => member.given), rotation.given],
  );
}

/** Keys of the pools a handoff may name. */
export async function poolKeys(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>('select key from pool');
  return rows.map((row) => row.key);
}

/** Every pool with its members, by key. */
export async function listPools(tx: Queryable): Promise<PoolShares[]> {
  const { rows } = await tx.query<PoolShares>(
    `select p.key, p.name, p.given,
            (select count(*)::int from opportunity o where o.pool_id = p.id and o.state = 'queued') as queued,
            coalesce((select jsonb_agg(jsonb_build_object('rep', r.key, 'weight', m.weight, 'given', m.given, 'present', ${present}) order by r.key)
                        from pool_member m join rep r on r.id = m.rep_id where m.pool_id = p.id), '[]') as members
       from pool p order by p.key`,
  );
  return rows;
}

/**
 * Adds a pool or says anew who shares it. When members or weights change, the counting starts again: each is due their new share from
 * here on, and nothing for the past. Throws `invalid` naming a rep that is not there.
 */
export async function putPool(
  tx: Queryable,
  pool: { key: string; name: string; members: readonly { rep: string; weight: number }[] },
): Promise<string> {
  const keys = pool.members.map((member) => member.rep);
  const { rows: unknown } = await tx.query<{ key: string; n: number }>(
    'select key, n::int from unnest($1::text[]) with ordinality as asked (key, n) where not exists (select from rep where rep.key = asked.key) order by n',
    [keys],
  );
  if (unknown.length > 0) {
    const issues = unknown.map(({ key, n }) => ({
      path: `members.${n - 1}.rep`,
      reason: `there is no rep '${key}'`,
      mend: 'put the rep first',
    }));
    throw new TendrilError('invalid', `There is no rep '${unknown[0]!.key}'`, issues);
  }
  const { rows } = await tx.query<{ id: string }>(
    'insert into pool (key, name) values ($1, $2) on conflict (key) do update set name = excluded.name returning id',
    [pool.key, pool.name],
  );
  const { id } = rows[0]!;
  const { rows: changed } = await tx.query(
    `with asked as (select r.id as rep_id, a.weight from unnest($2::text[], $3::double precision[]) as a (key, weight) join rep r on r.key = a.key),
     gone as (delete from pool_member where pool_id = $1 and rep_id not in (select rep_id from asked) returning rep_id),
     put as (
       insert into pool_member as m (pool_id, rep_id, weight) select $1, rep_id, weight from asked order by rep_id
       on conflict (pool_id, rep_id) do update set weight = excluded.weight where m.weight <> excluded.weight
       returning rep_id)
     select rep_id from gone union all select rep_id from put`,
    [id, keys, pool.members.map((member) => member.weight)],
  );
  if (changed.length > 0)
    await tx.query(
      'with members as (update pool_member set given = 0, taking = true where pool_id = $1) update pool set given = 0 where id = $1',
      [id],
    );
  return id;
}
