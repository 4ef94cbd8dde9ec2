import { carrierOf, type Loop, loopId, rangeOf } from '../domain/loops.ts';
import type { Queryable } from './pool.ts';
import type { Woken } from './wakes.ts';

/** The loops that carry woken enrolments and their leads' scores, each once: whom to poke after the commit. */
export async function wokenLoops(tx: Queryable, woken: readonly Woken[], slots: readonly number[] = []): Promise<Loop[]> {
  if (woken.length === 0 && slots.length === 0) return [];
  const { rows } = await tx.query<{ ranges: number }>('select ranges from workspace');
  const { ranges } = rows[0]!;
  const loops = [
    ...woken.map((one) => carrierOf(one, ranges)),
    ...slots.map((slot): Loop => ({ kind: 'scoring', ...rangeOf(slot, ranges) })),
  ];
  return [...new Map(loops.map((loop) => [loopId(loop), loop])).values()];
}
