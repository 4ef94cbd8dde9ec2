import { TendrilError } from '../../domain/errors.ts';
import type { Period } from '../../domain/figures/period.ts';
import type { Queryable } from '../pool.ts';

/** What the sales figures are about: a period, and when asked one pool or one rep. Test leads are never in them. */
export interface Scope extends Period {
  poolId: string | null;
  repId: string | null;
}

/** What time it is, and by whose days. */
export async function figuresClock(tx: Queryable): Promise<{ now: Date; zone: string }> {
  const { rows } = await tx.query<{ now: Date; zone: string }>('select clock() as now, timezone as zone from workspace');
  return rows[0]!;
}

/** The ids of a pool and a rep by their keys; null where none is named. Throws `not_found`. */
export async function scopeIds(tx: Queryable, pool: string | undefined, rep: string | undefined): Promise<Pick<Scope, 'poolId' | 'repId'>> {
  const { rows } = await tx.query<Pick<Scope, 'poolId' | 'repId'>>(
    `select (select id from pool where key = $1) as "poolId", (select id from rep where key = $2) as "repId"`,
    [pool ?? null, rep ?? null],
  );
  const found = rows[0]!;
  if (pool !== undefined && found.poolId === null) throw new TendrilError('not_found', `There is no pool '${pool}'`);
  if (rep !== undefined && found.repId === null) throw new TendrilError('not_found', `There is no rep '${rep}'`);
  return found;
}

/** Every pool to choose from, by name. */
export async function poolChoices(tx: Queryable): Promise<{ key: string; name: string }[]> {
  const { rows } = await tx.query<{ key: string; name: string }>('select key, name from pool order by name, key');
  return rows;
}
