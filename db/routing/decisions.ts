import { route, type Routed, type Staff } from '../../domain/routing/route.ts';
import type { Queryable } from '../pool.ts';
import { loadRouting } from './ground.ts';
import { type Ask, type Known, loadSubjects } from './subjects.ts';

/** Where somebody goes, with the ids to write down. */
export interface Decision {
  routed: Routed;
  poolId: string;
  /** Who is to have it; null: whoever the pool's rotation says. */
  repId: string | null;
  hint: Known['hint'];
}

/** Routes these by the rules in force, in their order: a fixed number of statements. `among`: nobody else counts as being there. */
export async function decideRoutes(tx: Queryable, asks: readonly Ask[], among?: Pick<Staff, 'pools' | 'reps'>): Promise<Decision[]> {
  const { rules, staff: all, poolIds, repIds } = await loadRouting(tx);
  const staff = among
    ? {
        pools: new Set([...all.pools].filter((key) => among.pools.has(key))),
        reps: new Set([...all.reps].filter((key) => among.reps.has(key))),
        fallback: all.fallback,
      }
    : all;
  const known = await loadSubjects(tx, asks, rules);
  return known.map(({ subject, hint }) => {
    const routed = route(rules, staff, subject);
    const { rep, pool } = routed.to;
    return { routed, poolId: poolIds.get(pool)!, repId: rep === undefined ? null : repIds.get(rep)!, hint };
  });
}
