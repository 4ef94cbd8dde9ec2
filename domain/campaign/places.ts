import type { StepDocument } from './step.ts';
import { kindOf } from './steps/index.ts';

/** Where in a step (`waitFor`, `branch.0.when`) its arms and conditions stand, by the names that its kind gives them. */
export interface Places {
  arm(name: string): string;
  condition(name: string): string;
}

/** Finds them by what they are, so that a kind need not say it twice; what a kind made up itself stands under the kind's own key. */
export function placesOf(step: StepDocument): Places {
  const kind = kindOf(step);
  const arms = kind?.arms?.(step) ?? {};
  const conditions = kind?.conditions?.(step) ?? {};
  const wanted = new Set<unknown>([...Object.values(arms), ...Object.values(conditions)]);
  const found = new Map<unknown, string>();
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || found.has(value)) return;
    if (wanted.has(value)) return void found.set(value, path);
    for (const [key, below] of Object.entries(value)) look(below, path === '' ? key : `${path}.${key}`);
  };
  look(step, '');
  const placeIn = (named: Record<string, unknown>) => (name: string) => found.get(named[name]) ?? kind?.kind ?? '';
  return { arm: placeIn(arms), condition: placeIn(conditions) };
}
