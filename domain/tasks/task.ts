/** What may always be answered, whatever arms a step has. */
export const DONE = 'done';

/** A task as far as the step that waits for it cares. */
export interface TaskFact {
  state: 'open' | 'done' | 'cancelled';
  outcome: string | null;
  createdAt: Date;
  closedAt: Date | null;
}

/** Names a task, so that it is opened once however often its step is carried out. `once` for a company is a key of the database's making. */
export const taskKey = (enrolmentId: string, stepId: string): string => `${enrolmentId}/${stepId}/1`;

/** An outcome for people: `not_now` → `Not now`. */
export function outcomeWords(outcome: string): string {
  const words = outcome.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
