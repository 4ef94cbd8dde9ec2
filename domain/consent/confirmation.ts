import { plus } from '../calendar/duration.ts';
import type { Topic } from './topics.ts';

/** What a confirmation link says. */
export interface ConfirmLink {
  /** Lead id. */
  l: string;
  /** Topic. */
  t: string;
  /** The pending consent it confirms. */
  c: string;
}

/** The parameter of a confirmation mail of which its link is made: whoever renders the mail signs it. */
export interface Confirms {
  consent: string;
  /** ISO instant; after it the link does nothing. */
  until: string;
}

/** What was mailed to somebody about a topic before. */
export interface Asked {
  /** Confirmation mails of the last 30 days. */
  mails: number;
  /** The newest of them; null: none. */
  last: Date | null;
}

/** Whether somebody who asks for a topic (again) is mailed: not sooner than the topic says after the last time, and never more than so many. */
export function mayAsk({ confirm: { again, most } }: Topic, { mails, last }: Asked, now: Date): boolean {
  return mails < most && (last === null || plus(last, again) <= now);
}

/** Until when the link of a mail that is sent now works. */
export function worksUntil({ confirm: { within } }: Topic, now: Date): Date {
  return plus(now, within);
}

/** When somebody who was first asked now is reminded; null: never. No reminder comes after its link has died. */
export function remindAt(topic: Topic, now: Date): Date | null {
  const { reminder, most } = topic.confirm;
  if (reminder === undefined || most < 2) return null;
  const at = plus(now, reminder);
  return at < worksUntil(topic, now) ? at : null;
}
