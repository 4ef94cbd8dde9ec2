import { z } from 'zod';
import { addDates, dateAt, startOf } from '../calendar/zoned.ts';

const cap = z.strictObject({
  per: z
    .enum(['day', 'week', 'month'])
    .describe('calendar days, weeks from Monday or months: a person’s own; an account’s are the workspace’s'),
  max: z.number().int().min(1).describe('how many mails at most'),
  of: z.enum(['person', 'account']).default('person').describe('counted for each person, or for all people of its account together'),
  topic: z.string().optional().describe('count every campaign’s mail on this topic, and cap only that'),
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
  const next =
    per === 'month' ? addDates(new Date(first), { months: 1 }, 'UTC').toISOString().slice(0, 10) : shift(first, per === 'week' ? 7 : 1);
  return { from: startOf(first, zone), to: startOf(next, zone) };
}

const shift = (date: string, days: number): string => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

/** Longer than any period of this cap: what is older counts in none that is still running. Milliseconds. */
export const longestMs = ({ per }: Cap): number => ({ day: 2, week: 8, month: 32 })[per] * 86_400_000;

/** A marketing mail of the ledger that has left or is to leave. */
export interface Mailed {
  at: Date;
  campaignId: string | null;
  topic: string | null;
}

/** A cap where it stands: a campaign's own counts that campaign's mails. */
export interface Standing {
  cap: Cap;
  /** Null for a cap of the workspace. */
  campaignId: string | null;
}

/** When the period ends in which one more mail at `at` would be over the cap; null while there is room. */
export function fullUntil({ cap, campaignId }: Standing, mailed: readonly Mailed[], at: Date, zone: string): Date | null {
  const { from, to } = periodOf(cap.per, at, zone);
  const counted = mailed.filter(
    (mail) =>
      mail.at >= from &&
      mail.at < to &&
      (cap.topic === undefined ? campaignId === null || mail.campaignId === campaignId : mail.topic === cap.topic),
  );
  return counted.length >= cap.max ? to : null;
}
