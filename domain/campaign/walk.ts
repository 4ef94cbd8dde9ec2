import type { Campaign } from './document.ts';
import type { StepDocument } from './step.ts';
import { kindOf } from './steps/index.ts';
import { split, type Split, splitOf, type SplitStep } from './steps/split.ts';
import { type Start, start, startedBy } from './steps/start.ts';

type Steps = Pick<Campaign, 'steps' | 'goal'>;

/** Every step of a campaign in reading order, the goal's own last. */
export function stepsIn({ steps, goal }: Steps): StepDocument[] {
  const walk = (list: readonly StepDocument[]): StepDocument[] =>
    list.flatMap((step) => [step, ...Object.values(kindOf(step)?.arms?.(step) ?? {}).flatMap(walk)]);
  return [...walk(steps), ...walk(goal?.then ?? [])];
}

/** The campaigns that this one starts, each once. */
export function startsIn(campaign: Steps): string[] {
  const starts = stepsIn(campaign).filter((step): step is Start & StepDocument => kindOf(step)?.kind === start.kind);
  return [...new Set(starts.map(startedBy))];
}

/** Its splits. */
export function splitsIn(campaign: Steps): SplitStep[] {
  return stepsIn(campaign)
    .filter((step): step is Split & StepDocument => kindOf(step)?.kind === split.kind)
    .map(splitOf);
}
