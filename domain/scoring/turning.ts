import type { Evidence } from '../conditions/evaluate.ts';
import { momentMs, type Test, withinMs } from '../conditions/test.ts';
import { instantOf } from '../conditions/values.ts';

const DAY = 86_400_000;

/**
 * The first instant after `now` (ms) at which time alone may turn what one of these leaves says of the value it saw: a trial that ends within
 * seven days, somebody we have known for a month. What counts in business days is looked at again daily. Null: time turns none of them.
 */
export function nextTurn(evidence: readonly Evidence[], now: Date): number | null {
  const turns = evidence.flatMap(({ leaf, value }) => ('test' in leaf ? turnsOf(leaf.test, value, now) : []));
  const next = Math.min(...turns.filter((at) => at > now.getTime()));
  return Number.isFinite(next) ? next : null;
}

function turnsOf({ before, after, within }: Test, value: unknown, now: Date): number[] {
  const moves = (bound: string | undefined): bound is string => bound?.startsWith('now') ?? false;
  const at = instantOf(value);
  if (at === null || !(within !== undefined || moves(before) || moves(after))) return [];
  if (JSON.stringify([before, after, within]).includes('bd')) return [now.getTime() + DAY];
  // A bound moves with the time: it meets the value when as much time has passed as lies between them.
  const meets = (bound: number | null | undefined): number => (typeof bound === 'number' ? now.getTime() + at - bound : Infinity);
  const span = within && withinMs(within, { now });
  return [
    meets(moves(before) ? momentMs(before, { now }) : null) + 1,
    meets(moves(after) ? momentMs(after, { now }) : null),
    meets(span?.from) + 1,
    meets(span?.to),
  ];
}
