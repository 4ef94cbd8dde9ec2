import type { Hours } from '../domain/calendar/hours.ts';
import { TendrilError } from '../domain/errors.ts';
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
}

export type NewRep = Pick<Rep, 'key' | 'name' | 'email'> & Partial<Pick<Rep, 'title' | 'timezone' | 'hours' | 'manager' | 'active'>>;

const columns = `r.id, r.key, r.name, r.email, r.title, r.timezone, r.hours, r.manager, r.active, r.absent_from as "absentFrom", r.absent_to as "absentTo"`;

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
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r where r.id = any($1)`, [[...new Set(ids)]]);
  return new Map(rows.map((rep) => [rep.id, rep]));
}

/** Those who take leads at this moment, by id. */
export async function presentReps(tx: Queryable): Promise<Map<string, Rep>> {
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r where ${present}`);
  return new Map(rows.map((rep) => [rep.id, rep]));
}

/** Those who are told when the ladder reaches the manager. */
export async function managers(tx: Queryable): Promise<Rep[]> {
  const { rows } = await tx.query<Rep>(`select ${columns} from rep r where r.manager and r.active order by r.id`);
  return rows;
}

/** Adds reps, or says anew who they are; absences stay. Answers them in the order given. */
export async function putReps(tx: Queryable, reps: readonly NewRep[]): Promise<Rep[]> {
  const { rows } = await tx.query<Rep>(
    `insert into rep as r (key, name, email, title, timezone, hours, manager, active)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::boolean[], $8::boolean[])
     on conflict (key) do update set name = excluded.name, email = excluded.email, title = excluded.title, timezone = excluded.timezone,
       hours = excluded.hours, manager = excluded.manager, active = excluded.active
     returning ${columns}`,
    [
      reps.map((rep) => rep.key),
      reps.map((rep) => rep.name),
      reps.map((rep) => rep.email),
      reps.map((rep) => rep.title ?? null),
      reps.map((rep) => rep.timezone ?? 'UTC'),
      reps.map((rep) => (rep.hours ? JSON.stringify(rep.hours) : null)),
      reps.map((rep) => rep.manager ?? false),
      reps.map((rep) => rep.active ?? true),
    ],
  );
  const byKey = new Map(rows.map((rep) => [rep.key, rep]));
  return reps.map((rep) => byKey.get(rep.key)!);
}

/** Says when a rep is away; null, null: is back. Throws `not_found`. */
export async function setAbsence(tx: Queryable, key: string, from: Date | null, to: Date | null): Promise<Rep> {
  const { rows } = await tx.query<Rep>(`update rep r set absent_from = $2, absent_to = $3 where r.key = $1 returning ${columns}`, [
    key,
    from,
    to,
  ]);
  if (!rows[0]) throw new TendrilError('not_found', `There is no rep '${key}'`);
  return rows[0];
}
