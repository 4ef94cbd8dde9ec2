import type { Campaign } from './document.ts';
import type { StepDocument } from './step.ts';
import { kindOf } from './steps/index.ts';

export interface OutlineStep {
  id: string;
  kind: string;
  words: string;
  /** 0 at the top, one more in each arm. */
  depth: number;
}

/** The steps of a campaign in reading order, the goal's own last and marked as such. */
export function outline({ steps, goal }: Campaign): OutlineStep[] {
  const walk = (list: StepDocument[], depth: number): OutlineStep[] =>
    list.flatMap((step) => {
      const kind = kindOf(step)!;
      const below = Object.values(kind.arms?.(step) ?? {}).flatMap((arm) => walk(arm, depth + 1));
      return [{ id: step.id, kind: kind.kind, words: kind.words(step), depth }, ...below];
    });
  const afterGoal = walk(goal?.then ?? [], 0).map((step) => (step.depth === 0 ? { ...step, words: `at the goal: ${step.words}` } : step));
  return [...walk(steps, 0), ...afterGoal];
}
