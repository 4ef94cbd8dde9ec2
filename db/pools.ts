import type { Calendar } from '../domain/calendar/calendar.ts';
import type { Hours } from '../domain/calendar/hours.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Taker } from '../domain/routing/choose.ts';
import { type Capacity, inOrNot, type PoolBody, poolSettings, type PoolSettings, weightAt } from '../domain/routing/pool.ts';
import { credited, type Member, planned, type Rotation } from '../domain/routing/rotation.ts';
import type { Queryable } from './pool.ts';
import { givenToday, openNow } from './rep-load.ts';
import { present } from './reps.ts';
import { loadSurroundings } from './surroundings.ts';

export interface LockedPool {
  id: string;
  key: string;
  name: string;
  settings: PoolSettings;
  given: number;
  /** Workspace time of this transaction. */
  now: Date;
}

/**
 * Locks a pool's rotation, and lets it know of the leads that were credited since. `wait: false` answers null when somebody else is giving
 * out its leads.
 */
export async function lockPool(tx: Queryable, poolId: string, { wait }: { wait: boolean }): Promise<LockedPool | null> {
  const { rows } = await tx.query<LockedPool & { settings: unknown; credits: boolean }>(
    `select id, key, name, settings, given, clock() as now, exists (select from rotation_credit c where c.pool_id = pool.id and c.settled_at is null) as credits
       from pool where id = $1 for no key update ${wait ? '' : 'skip locked'}`,
    [poolId],
  );
  if (!rows[0]) return null;
  const { credits, ...pool } = rows[0];
  if (credits) await settleCredits(tx, poolId);
  return { ...pool, settings: poolSettings.parse(pool.settings) };
}

async function settleCredits(tx: Queryable, poolId: string): Promise<void> {
  const { rows } = await tx.query<{ id: string; leads: number }>(
    `with settled as (update rotation_credit set settled_at = clock() where pool_id = $1 and settled_at is null returning rep_id)
     select rep_id as id, count(*)::int as leads from settled group by rep_id`,
    [poolId],
  );
  const { rotation } = await membersOf(tx, poolId);
  await saveRotation(tx, poolId, credited(rotation, rows));
}

/** Who shares a pool's leads at this moment: what each may be given, and the rotation among those who may. */
export interface PoolMembers {
  takers: Taker[];
  rotation: Rotation;
}

interface Row extends Member {
  poolId: string;
  joinedAt: Date | null;
  timezone: string;
  hours: Hours | null;
  present: boolean;
  absentTo: Date | null;
  roomOpen: number | null;
  roomToday: number | null;
  inAll: number;
  /** As stored: only what was said. */
  settings: Partial<PoolSettings>;
  now: Date;
}

const room = (limit: 'open' | 'perDay', had: (also?: string) => string): string =>
  `least(case when r.capacity ? '${limit}' then (r.capacity ->> '${limit}')::int - ${had()} end,
         case when m.capacity ? '${limit}' then (m.capacity ->> '${limit}')::int - ${had('and o.pool_id = m.pool_id')} end)`;

/** Reads who shares a pool. Under `lockPool` where the rotation is written back. */
export async function membersOf(tx: Queryable, poolId: string): Promise<PoolMembers> {
  return (await membersOfPools(tx, [poolId])).get(poolId) ?? { takers: [], rotation: { members: [], given: 0 } };
}

/** The same of many pools, by id; those without active members are left out. */
export async function membersOfPools(tx: Queryable, poolIds: readonly string[]): Promise<Map<string, PoolMembers>> {
  const { rows } = await tx.query<Row>(
    `select p.id as "poolId", m.rep_id as id, m.weight, m.given, m.taking, m.planned, m.owed, m.turns, m.joined_at as "joinedAt", r.timezone, r.hours,
            ${present} as present, case when not (${present}) then r.absent_to end as "absentTo",
            ${room('open', openNow)} as "roomOpen", ${room('perDay', givenToday)} as "roomToday", p.given as "inAll", p.settings, clock() as now
       from pool p join pool_member m on m.pool_id = p.id join rep r on r.id = m.rep_id where p.id = any($1::uuid[]) and r.active order by m.rep_id`,
    [poolIds],
  );
  const byHours = rows.some(({ settings }) => settings.when === 'open');
  const calendar = byHours ? (await loadSurroundings(tx)).calendar : { hours: [], holidays: [] };
  const pools = new Map<string, Row[]>();
  for (const row of rows) {
    const members = pools.get(row.poolId);
    if (members) members.push(row);
    else pools.set(row.poolId, [row]);
  }
  return new Map([...pools].map(([id, members]) => [id, membersAmong(members, calendar)]));
}

function membersAmong(rows: readonly Row[], calendar: Calendar): PoolMembers {
  const { inAll, now, settings } = rows[0]!;
  const { when, ramp } = poolSettings.parse(settings);
  const takers = rows.map((row): Taker => {
    const load = { ...row, roomOpen: row.roomOpen ?? Infinity, roomToday: row.roomToday ?? Infinity };
    return { id: row.id, out: inOrNot(load, when, calendar, now), roomOpen: load.roomOpen, roomToday: load.roomToday };
  });
  const members = rows.map((row): Member => {
    const { id, given, taking, planned: before, owed, turns } = row;
    return { id, weight: weightAt(row, ramp, now), given, taking, planned: before, owed, turns };
  });
  const isIn = new Set(takers.flatMap(({ id, out }) => (out === null ? [id] : [])));
  return { takers, rotation: planned({ given: inAll, members }, (id) => isIn.has(id)) };
}

/**
 * The rotation among the members who may be given leads now; `present`: among those who are not away, whatever the hours and however full,
 * as for tasks. Under `lockPool` where it is written back.
 */
export async function rotationOf(tx: Queryable, poolId: string, among: 'in' | 'present' = 'in'): Promise<Rotation> {
  const { takers, rotation } = await membersOf(tx, poolId);
  if (among === 'in') return rotation;
  const there = new Set(takers.flatMap(({ id, out }) => (out?.why === 'away' ? [] : [id])));
  return planned(rotation, (id) => there.has(id));
}

/** Writes a rotation back: who took part, what each was given and is owed. Call it under `lockPool`. */
export async function saveRotation(tx: Queryable, poolId: string, { members, given }: Rotation): Promise<void> {
  await tx.query(
    `with members as (
       select * from unnest($2::uuid[], $3::int[], $4::boolean[], $5::float8[], $6::float8[], $7::int[]) as t (rep_id, given, taking, planned, owed, turns)),
     saved as (
       update pool_member m
          set given = coalesce(t.given, m.given), taking = coalesce(t.taking, false), planned = t.planned, owed = coalesce(t.owed, 0), turns = coalesce(t.turns, 0)
         from pool_member o left join members t on t.rep_id = o.rep_id
        where m.pool_id = $1 and o.pool_id = $1 and m.rep_id = o.rep_id)
     update pool set given = $8 where id = $1`,
    [
      poolId,
      members.map((member) => member.id),
      members.map((member) => member.given),
      members.map((member) => member.taking),
      members.map((member) => member.planned),
      members.map((member) => member.owed),
      members.map((member) => member.turns),
      given,
    ],
  );
}

/** Keys of the pools a handoff may name. */
export async function poolKeys(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>('select key from pool');
  return rows.map((row) => row.key);
}

/**
 * Adds a pool or says anew who shares it and how. When members or weights change, the counting starts again; what somebody is behind or ahead
 * for another reason is still made up for. Who joins a pool that has members already is owed nothing for the time before. Throws
 * `invalid` naming a rep that is not there.
 */
export async function putPool(tx: Queryable, { key, name, members, ...settings }: NewPool): Promise<string> {
  const keys = members.map((member) => member.rep);
  await requireReps(tx, keys);
  const { rows } = await tx.query<{ id: string }>(
    'insert into pool (key, name, settings) values ($1, $2, $3) on conflict (key) do update set name = excluded.name, settings = excluded.settings returning id',
    [key, name, JSON.stringify(settings)],
  );
  const { id } = rows[0]!;
  const { rows: changed } = await tx.query(
    `with asked as (
       select r.id as rep_id, a.weight, a.capacity from unnest($2::text[], $3::double precision[], $4::jsonb[]) as a (key, weight, capacity) join rep r on r.key = a.key),
     founded as (select exists (select from pool_member where pool_id = $1) as already),
     gone as (delete from pool_member where pool_id = $1 and rep_id not in (select rep_id from asked) returning rep_id),
     before as (select rep_id, weight from pool_member where pool_id = $1),
     put as (
       insert into pool_member as m (pool_id, rep_id, weight, capacity, joined_at)
       select $1, a.rep_id, a.weight, a.capacity, case when f.already then clock() end from asked a, founded f order by a.rep_id
       on conflict (pool_id, rep_id) do update set weight = excluded.weight, capacity = excluded.capacity
       returning rep_id, weight)
     select rep_id from gone union all select p.rep_id from put p where not exists (select from before b where b.rep_id = p.rep_id and b.weight = p.weight)`,
    [id, keys, members.map((member) => member.weight), members.map((member) => (member.capacity ? JSON.stringify(member.capacity) : null))],
  );
  if (changed.length > 0)
    await tx.query('with members as (update pool_member set given = 0 where pool_id = $1) update pool set given = 0 where id = $1', [id]);
  return id;
}

/** A pool as it is put. */
export type NewPool = Pick<PoolBody, 'name'> &
  Partial<Omit<PoolBody, 'name' | 'members'>> & {
    key: string;
    members: readonly { rep: string; weight: number; capacity?: Capacity | undefined }[];
  };

async function requireReps(tx: Queryable, keys: readonly string[]): Promise<void> {
  const { rows: unknown } = await tx.query<{ key: string; n: number }>(
    'select key, n::int from unnest($1::text[]) with ordinality as asked (key, n) where not exists (select from rep where rep.key = asked.key) order by n',
    [keys],
  );
  if (unknown.length === 0) return;
  const issues = unknown.map(({ key, n }) => ({
    path: `members.${n - 1}.rep`,
    reason: `there is no rep '${key}'`,
    mend: 'put the rep first',
  }));
  throw new TendrilError('invalid', `There is no rep '${unknown[0]!.key}'`, issues);
}
