import { DONE } from './task.ts';

/** What there is to do. */
export const taskKinds = ['call', 'linkedin', 'mail', 'custom'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Who asks for it: a step of a campaign or of a sequence, an answer that came, a person, a call-back after a service or delivery. */
export const taskSources = ['campaign', 'reply', 'hand', 'callback', 'sequence'] as const;
export type TaskSource = (typeof taskSources)[number];

/** What may come of each kind, where a task does not say so itself; that it is done may always be said. */
const usual: Record<TaskKind, readonly string[]> = {
  call: ['reached', 'left_message', 'no_answer', 'wrong_number', 'not_interested'],
  linkedin: ['invited', 'connected', 'answered', 'not_found'],
  mail: ['sent', 'answered'],
  custom: [],
};

/** The outcomes of a task: those it names, else the usual ones of its kind; `done` stands last. */
export function outcomesFor(kind: TaskKind, named: readonly string[] = usual[kind]): string[] {
  return [...new Set([...named.filter((one) => one !== DONE), DONE])];
}

/** Outcomes which say that somebody has really talked to them: the promise to do so is kept. */
const talks: Record<TaskKind, readonly string[]> = {
  call: ['reached', 'not_interested'],
  linkedin: ['answered'],
  mail: ['sent', 'answered'],
  custom: [],
};
export const isTalk = (kind: TaskKind, outcome: string): boolean => talks[kind].includes(outcome);

/** For people: what kind of thing it is. */
export const kindWords: Record<TaskKind, string> = { call: 'Call', linkedin: 'LinkedIn', mail: 'Mail', custom: 'To do' };
