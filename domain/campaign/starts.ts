import type { Campaign } from './document.ts';
import type { StepDocument } from './step.ts';
import { kindOf } from './steps/index.ts';
import { start, startedBy } from './steps/start.ts';

/** The campaigns that this one starts, by its steps or its goal's. */
export function startsIn({ steps, goal }: Pick<Campaign, 'steps' | 'goal'>): string[] {
  const walk = (list: readonly StepDocument[]): string[] =>
    list.flatMap((step) => {
      const kind = kindOf(step);
      const own = kind?.kind === start.kind ? [startedBy(step as Parameters<typeof startedBy>[0])] : [];
      return [...own, ...Object.values(kind?.arms?.(step) ?? {}).flatMap(walk)];
    });
  return [...new Set([...walk(steps), ...walk(goal?.then ?? [])])];
}
