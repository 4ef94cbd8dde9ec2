import { minus, plus } from '../calendar/duration.ts';
import type { Topic } from './topics.ts';

/** The next thing time does to a consent. */
export interface ConsentLook {
  what: 'warn' | 'lapse';
  dueAt: Date;
}

/** When a consent that holds until `expiresAt` is looked at first: the warning where there is still time for it, else its end. Null where it has none. */
export function firstLook(expiresAt: Date | null, topic: Topic | undefined, now: Date): ConsentLook | null {
  if (expiresAt === null) return null;
  const warnAt = minus(expiresAt, topic?.warn ?? '0s');
  return warnAt > now && warnAt < expiresAt ? { what: 'warn', dueAt: warnAt } : { what: 'lapse', dueAt: expiresAt };
}

/** Until when a word of the person's own holds that is said at `at`; null: until it is taken back. */
export function ownExpiry(topic: Topic | undefined, at: Date): Date | null {
  return topic?.lasts === undefined ? null : plus(at, topic.lasts);
}

export type ImpliedRule = Topic['implied'][number];

/** Until when what happened at `at` implies consent. */
export function impliedExpiry({ lasts }: Pick<ImpliedRule, 'lasts'>, at: Date): Date {
  return plus(at, lasts);
}
