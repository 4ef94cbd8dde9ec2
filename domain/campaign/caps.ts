import { z } from 'zod';
import { addDates, dateAt, startOf } from '../calendar/zoned.ts';

const cap = z.strictObject({
  per: z.enum(['day', 'week', 'month']).describe('calendar days, weeks from Monday, months: the lead’s own; of an account the workspace’s'),
  max: z.number().int().min(1).describe('how many mails at most'),
  of: z.enum(['person', 'account']).default('person').describe('counted for each person, or for all people of its account together'),
  topic: z.string().optional().describe('count every campaign’s mail on this topic'),
});

/**
 * How often somebody is mailed at most: one cap or several, all of which hold. In a campaign a cap counts that campaign's mails, with
 * `topic` those of every campaign on the topic; in the `sending` document all marketing mail. A mail counts in the period in which
 * it is to leave; one that was cancelled, suppressed or failed does not. Transactional and internal mail is neither capped nor counted.
 */
export const caps = z.union([cap.transform((one) => [one]), z.array(cap).min(1)]);
export type Cap = z.infer<typeof cap>;

/** A stretch of time, `to` excluded. */
export interface Period {
  from: Date;
  to: Date;
}

/** The day, week (from Monday) or month an instant falls into, in a zone. */
export function periodOf(per: Cap['per'], at: Date, zone: string): Period {
  const today = dateAt(at, zone);
  const weekday = (new Date(today).getUTCDay() + 6) % 7;
  const first = per === 'month' ? `${today.slice(0, 8)}01` : shift(today, per === 'week' ? -weekday : 0);
  const from = startOf(first, zone);
  const days = { day: 1, week: 7 };
  const next = per === 'month' ? dateAt(addDates(from, { months: 1 }, zone), zone) : shift(first, days[per]);
  return { from, to: startOf(next, zone) };
}

const shift = (date: string, days: number): string => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

/** One cap as it stands for one mail: whose mails are counted, and in which period. */
export interface Counting {
  cap: Cap;
  /** The lead or the account. */
  subject: string;
  /** The campaign whose mails are counted; null: every campaign's. */
  campaignId: string | null;
  period: Period;
}

/** Names what is counted: two that share it share the room. */
export const countingKey = ({ cap, subject, campaignId, period }: Counting): string =>
  [cap.of, subject, campaignId ?? '*', cap.topic ?? '*', cap.per, period.from.toISOString()].join('/');

/** A mail that asks for room under its caps. */
export interface Asking {
  id: string;
  countings: readonly Counting[];
}

/**
 * Gives room to the mails in the order given, as far as each of their caps has some left; a mail that is refused by one takes none from the
 * others. `taken` is what is counted already, by `countingKey`, and is counted on. Answers the refused with the cap that did it: of several, the
 * one whose period ends last.
 */
export function allot(asking: readonly Asking[], taken: Map<string, number>): Map<string, Counting> {
  const refused = new Map<string, Counting>();
  for (const { id, countings } of asking) {
    const full = countings
      .filter((one) => (taken.get(countingKey(one)) ?? 0) >= one.cap.max)
      .toSorted((a, b) => b.period.to.getTime() - a.period.to.getTime());
    if (full[0]) refused.set(id, full[0]);
    else for (const key of new Set(countings.map(countingKey))) taken.set(key, (taken.get(key) ?? 0) + 1);
  }
  return refused;
}
