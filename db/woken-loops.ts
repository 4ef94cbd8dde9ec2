import { type Loop, loopsAfter } from '../domain/loops.ts';
import type { Queryable } from './pool.ts';
import type { Woken } from './wakes.ts';

/** The loops that carry woken enrolments and their leads' scores, each once: whom to poke after the commit. */
export async function wokenLoops(tx: Queryable, woken: readonly Woken[], slots: readonly number[] = []): Promise<Loop[]> {
  if (woken.length === 0 && slots.length === 0) return [];
  const { rows } = await tx.query<{ ranges: number }>('select ranges from workspace');
  return loopsAfter(rows[0]!.ranges, slots, woken);
}

/** The slots of leads, each once: where their scores are made. */
export async function slotsOf(tx: Queryable, leadIds: readonly string[]): Promise<number[]> {
  if (leadIds.length === 0) return [];
  const { rows } = await tx.query<{ slot: number }>('select distinct slot from lead where id = any($1::uuid[])', [leadIds]);
  return rows.map(({ slot }) => slot);
}
