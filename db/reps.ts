import type { Hours } from '../domain/calendar/hours.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Capacity } from '../domain/routing/pool.ts';
import type { Queryable } from './pool.ts';

/** Somebody of the firm who receives leads, or manages those who do. */
export interface Rep {
  id: string;
  key: string;
  name: string;
  email: string;
  title: string | null;
  timezone: string;
  /** Null: the workspace's. */
  hours: Hours | null;
  manager: boolean;
  active: boolean;
  absentFrom: Date | null;
  /** Null with `absentFrom`: until further notice. */
  absentTo: Date | null;
  skills: string[];
  languages: string[];
  /** Who gets what is theirs by name while they are away. */
  standInId: string | null;
  capacity: Capacity | null;
  /** The firm they belong to, where it is not ours. */
  partner: string | null;
}

type Optional = 'title' | 'timezone' | 'hours' | 'manager' | 'active' | 'skills' | 'languages' | 'capacity' | 'partner';
/** A rep as they are put; `standIn` is a key. */
export type NewRep = Pick<Rep, 'key' | 'name' | 'email'> & Partial<Pick<Rep, Optional>> & { standIn?: string | null };

const columns = `r.id, r.key, r.name, r.email, r.title, r.timezone, r.hours, r.manager, r.active, r.absent_from as "absentFrom", r.absent_to as "absentTo",
  r.skills, r.languages, r.stand_in_rep_id as "standInId", r.capacity, r.partner`;

/** SQL: whether rep `r` takes leads at this moment. */
export const present = `r.active and not coalesce(r.absent_from <= clock() and (r.absent_to is null or clock() < r.absent_to), false)`;

/** Everybody, by key. */
export async function listReps(tx: Queryable): Promise<Rep[]> {
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r order by r.key`);
  return rows;
}

/** The rep of this key, or null. */
export async function findRep(tx: Queryable, key: string): Promise<Rep | null> {
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r where r.key = $1`, [key]);
  return rows[0] ?? null;
}

/** The reps of these ids, by id. */
export async function repsById(tx: Queryable, ids: readonly string[]): Promise<Map<string, Rep>> {
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r where r.id = any($1::uuid[])`, [[...new Set(ids)]]);
  return new Map(rows.map((rep) => [rep.id, rep]));
}

/** Those who take leads at this moment, by id. */
export async function presentReps(tx: Queryable): Promise<Map<string, Rep>> {
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r where ${present}`);
  return new Map(rows.map((rep) => [rep.id, rep]));
}

/** Everybody, and whether they take leads at this moment, by id. */
export async function repsWithPresence(tx: Queryable): Promise<Map<string, Rep & { present: boolean }>> {
  const { rows } = await tx.query<Rep & { present: boolean }>(`select ${columns}, ${present} as present from rep r`);
  return new Map(rows.map((rep) => [rep.id, rep]));
}

/** Of each rep, by key, the firm they belong to; null: ours. */
export async function firmsOfReps(tx: Queryable): Promise<Map<string, { partner: string | null }>> {
  const { rows } = await tx.query<{ key: string; partner: string | null }>('select key, partner from rep');
  return new Map(rows.map(({ key, partner }) => [key, { partner }]));
}

/** Those who are told when the ladder reaches the manager. */
export async function managers(tx: Queryable): Promise<Rep[]> {
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r where r.manager and r.active order by r.id`);
  return rows;
}

/**
 * Adds reps, or says anew who they are; absences stay. Answers them in the order given. Throws `invalid` where a stand-in is nobody, has left, or is the
 * rep whose stand-in it is.
 */
export async function putReps(tx: Queryable, reps: readonly NewRep[]): Promise<Rep[]> {
  const keys = reps.map((rep) => rep.key);
  await tx.query(
    `insert into rep as r (key, name, email, title, timezone, hours, manager, active, skills, languages, capacity, partner)
     select g.key, g.name, g.email, g.title, g.timezone, g.hours, g.manager, g.active, array(select jsonb_array_elements_text(g.skills)),
            array(select jsonb_array_elements_text(g.languages)), g.capacity, g.partner
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::boolean[], $8::boolean[], $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::text[])
         as g (key, name, email, title, timezone, hours, manager, active, skills, languages, capacity, partner)
     on conflict (key) do update set name = excluded.name, email = excluded.email, title = excluded.title, timezone = excluded.timezone,
       hours = excluded.hours, manager = excluded.manager, active = excluded.active and r.left_at is null, skills = excluded.skills, languages = excluded.languages,
       capacity = excluded.capacity, partner = excluded.partner`,
    [
      keys,
      reps.map((rep) => rep.name),
      reps.map((rep) => rep.email),
      reps.map((rep) => rep.title ?? null),
      reps.map((rep) => rep.timezone ?? 'UTC'),
      reps.map((rep) => (rep.hours ? JSON.stringify(rep.hours) : null)),
      reps.map((rep) => rep.manager ?? false),
      reps.map((rep) => rep.active ?? true),
      reps.map((rep) => JSON.stringify(rep.skills ?? [])),
      reps.map((rep) => JSON.stringify(rep.languages ?? [])),
      reps.map((rep) => (rep.capacity ? JSON.stringify(rep.capacity) : null)),
      reps.map((rep) => rep.partner ?? null),
    ],
  );
  const rows = await putStandIns(tx, reps);
  const byKey = new Map(rows.map((rep) => [rep.key, rep]));
  return keys.map((key) => byKey.get(key)!);
}

async function putStandIns(tx: Queryable, reps: readonly NewRep[]): Promise<Rep[]> {
  const standIns = reps.map((rep) => rep.standIn ?? null);
  const { rows } = await tx.query<Rep & { asked: string | null }>(
    `update rep r set stand_in_rep_id = s.id
       from unnest($1::text[], $2::text[]) as g (key, stand_in) left join rep s on s.key = g.stand_in and s.key <> g.key and s.left_at is null
      where r.key = g.key returning ${columns}, g.stand_in as asked`,
    [reps.map((rep) => rep.key), standIns],
  );
  const wrong = rows.find((rep) => rep.asked !== null && rep.standInId === null);
  if (wrong) throw noStandIn(wrong.asked!, `items.${reps.findIndex((rep) => rep.key === wrong.key)}.standIn`);
  return rows.map(({ asked: _, ...rep }) => rep);
}

const noStandIn = (key: string, path: string) =>
  new TendrilError('invalid', `'${key}' cannot stand in`, [
    { path, reason: 'is not the key of another rep who is still here', mend: 'put them first, or name one of GET /v1/reps' },
  ]);

/** Says when a rep is away; null, null: is back. `standIn`, a key, says who gets what is theirs by name meanwhile; left out it stays. Throws `not_found`, `invalid`. */
export async function setAbsence(tx: Queryable, key: string, from: Date | null, to: Date | null, standIn?: string | null): Promise<Rep> {
  const { rows } = await tx.query<Rep>(
    `update rep r set absent_from = $2, absent_to = $3,
            stand_in_rep_id = case when $4 then (select s.id from rep s where s.key = $5 and s.key <> $1 and s.left_at is null) else r.stand_in_rep_id end
      where r.key = $1 returning ${columns}`,
    [key, from, to, standIn !== undefined, standIn ?? null],
  );
  if (!rows[0]) throw new TendrilError('not_found', `There is no rep '${key}'`);
  if (standIn && rows[0].standInId === null) throw noStandIn(standIn, 'standIn');
  return rows[0];
}
