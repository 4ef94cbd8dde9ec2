import type { Queryable } from './pool.ts';
import { present, type Rep, repsById } from './reps.ts';

/** SQL: the first instant of today where rep `r` is. */
const today = `(date_trunc('day', clock() at time zone r.timezone) at time zone r.timezone)`;

/** SQL: how many open opportunities rep `r` has; `also` narrows them. */
export const openNow = (also = ''): string =>
  `(select count(*)::int from opportunity o where o.owner_rep_id = r.id and o.closed_at is null ${also})`;

/** SQL: how many of those that rep `r` has, or had until they were closed, they were given today. What was credited counts for nothing. */
export const givenToday = (also = ''): string =>
  `(select count(*)::int from opportunity o where o.owner_rep_id = r.id and o.offered_at >= ${today} ${also}
      and not exists (select from rotation_credit c where c.opportunity_id = o.id and c.rep_id = r.id))`;

/** A rep with what is on their desk. */
export interface LoadedRep extends Rep {
  /** Key. */
  standIn: string | null;
  /** Takes leads at this moment. */
  present: boolean;
  open: number;
  today: number;
}

/** The reps of these keys in their order; without keys everybody, by key. */
export async function loadedReps(tx: Queryable, keys: readonly string[] | null = null): Promise<LoadedRep[]> {
  const { rows } = await tx.query<Pick<LoadedRep, 'id' | 'key' | 'standIn' | 'present' | 'open' | 'today'>>(
    `select r.id, r.key, s.key as "standIn", ${present} as present, ${openNow()} as open, ${givenToday()} as today
       from rep r left join rep s on s.id = r.stand_in_rep_id where $1::text[] is null or r.key = any($1) order by r.key`,
    [keys],
  );
  const reps = await repsById(
    tx,
    rows.map(({ id }) => id),
  );
  const found = rows.map((row): LoadedRep => ({ ...reps.get(row.id)!, ...row }));
  const byKey = new Map(found.map((rep) => [rep.key, rep]));
  return keys ? keys.map((key) => byKey.get(key)!) : found;
}
