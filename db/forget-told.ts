import type { Queryable } from './pool.ts';

/** As many go at a time; the rest with the next sweep. */
const FORGOTTEN = 5_000;

/** Forgets what was told of mails more than so many real days ago. Told once more after that, it would count again: nobody tries so long. */
export async function forgetTold(tx: Queryable, days: number): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from delivery_event where id in (
       select id from delivery_event where seen_real < now() - make_interval(days => $1) order by seen_real limit $2 for update skip locked)`,
    [days, FORGOTTEN],
  );
  return rowCount ?? 0;
}
