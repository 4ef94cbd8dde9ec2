import type { Queryable } from './pool.ts';
import { managers } from './reps.ts';
import { queueSends } from './sends.ts';

/** Makes the partitions of the months to come. */
export async function ensurePartitions(tx: Queryable): Promise<void> {
  await tx.query('select ensure_partitions(4)');
}

/** How many overdue submissions one mail lists. */
const LISTED = 20;

interface OverdueSubmission {
  id: string;
  form: string;
  reason: string | null;
  receivedAt: Date;
}

/**
 * Tells the managers, once, of submissions that nobody has looked at within their time: one mail each, however many they are.
 * Without a manager they stay unescalated and are looked at again. Answers the lanes to poke after the commit.
 */
export async function escalateReviews(tx: Queryable): Promise<string[]> {
  const told = await managers(tx);
  if (told.length === 0) return [];
  const { rows } = await tx.query<OverdueSubmission>(
    `with overdue as (
       select id from submission where state = 'review' and escalated_at is null and review_due_at <= clock() order by id for update skip locked)
     update submission s set escalated_at = clock() from overdue where s.id = overdue.id
     returning s.id, s.form_key as form, s.reason, s.received_at as "receivedAt"`,
  );
  const submissions = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (submissions.length === 0) return [];
  const { rows: workspaces } = await tx.query<{ timezone: string }>('select timezone from workspace');
  const params = {
    count: submissions.length,
    submissions: submissions.slice(0, LISTED),
    timezone: workspaces[0]!.timezone,
    breached: false,
  };
  return queueSends(
    tx,
    told.map(({ id }) => ({
      sendKey: `review-overdue/${submissions[0]!.id}/${id}`,
      class: 'internal' as const,
      repId: id,
      template: 'internal-review-overdue',
      params,
    })),
  );
}
