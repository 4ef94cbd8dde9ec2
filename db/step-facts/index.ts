import type { FactNeed, StepFacts } from '../../domain/campaign/step.ts';
import type { Subject, Surroundings } from '../facts.ts';
import type { Queryable } from '../pool.ts';
import { attributes } from './attributes.ts';
import { away } from './away.ts';
import { call } from './call.ts';
import { draft } from './draft.ts';
import { task } from './task.ts';
import { loadDates } from './dates.ts';
import { winners } from './winners.ts';

/** An enrolment whose steps ask for more than every step gets. */
export interface StepSubject extends Subject {
  campaignId: string;
  stepId: string;
  /** Properties of what brought it in. */
  entry: Record<string, unknown>;
}

/** Loads one fact for the whole batch, in the order of its subjects and in a fixed number of statements. */
export type StepFactLoader<Need extends FactNeed> = (
  tx: Queryable,
  subjects: readonly StepSubject[],
  around: Surroundings,
) => Promise<StepFacts[Need][]>;

const loaders: { [Need in FactNeed]?: StepFactLoader<Need> } = { attributes, away, call, dates: loadDates, draft, task, winners };

/** What the steps within reach asked for, in the order of the subjects. */
export async function loadStepFacts(
  tx: Queryable,
  subjects: readonly StepSubject[],
  needs: readonly FactNeed[],
  around: Surroundings,
): Promise<StepFacts[]> {
  const facts: StepFacts[] = subjects.map(() => ({}));
  for (const need of needs) {
    const loaded = await loaders[need]?.(tx, subjects, around);
    loaded?.forEach((one, i) => Object.assign(facts[i]!, { [need]: one }));
  }
  return facts;
}
