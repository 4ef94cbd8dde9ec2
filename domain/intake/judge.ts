import type { Form } from '../forms/form.ts';
import { junkReason } from './junk.ts';
import type { Mapped } from './map.ts';
import type { Answer } from './types.ts';

/** What is done with a submission, and why where it is not simply taken in. */
export type Verdict = { state: 'accepted'; reason: null } | { state: 'review' | 'junk'; reason: string };

/** Junk is quarantined; what names nobody we could reach waits for a person; the rest is taken in. */
export function judge(answers: readonly Answer[], mapped: Mapped, form: Form): Verdict {
  const junk = junkReason(answers, mapped, form);
  if (junk) return { state: 'junk', reason: junk };
  return reachable(mapped);
}

/** Whether there is an address or a number to take somebody in by. */
export function reachable(mapped: Mapped): Exclude<Verdict, { state: 'junk' }> {
  if (mapped.email || mapped.phone) return { state: 'accepted', reason: null };
  const given = mapped.unusable.filter(({ field }) => field === 'email' || field === 'phone').map(({ field }) => field);
  return { state: 'review', reason: given.length > 0 ? `the ${given.join(' and the ')} given cannot be used` : 'no email and no phone' };
}
