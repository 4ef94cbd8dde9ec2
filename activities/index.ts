import { createSweepActivities, type SweepDeps } from './sweep.ts';

export type ActivityDeps = SweepDeps;

/** Every activity there is, by name: what a worker registers. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createSweepActivities(deps),
  };
}
