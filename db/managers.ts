import type { Queryable } from './pool.ts';
import { managers, type Rep, repsById } from './reps.ts';

/** The reps of these keys who are still there; everybody who is a manager where none is named, or none of them is there. */
export async function managersOf(tx: Queryable, keys: readonly string[] | null): Promise<Rep[]> {
  if (keys === null) return managers(tx);
  const { rows } = await tx.query<{ id: string }>('select id from rep where key = any($1) and active order by id', [keys]);
  const ids = rows.map(({ id }) => id);
  const found = await repsById(tx, ids);
  return ids.length > 0 ? ids.map((id) => found.get(id)!) : managers(tx);
}
