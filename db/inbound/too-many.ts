import type { Queryable } from '../pool.ts';

/** Answers of one person, and to them, that are passed on in a day: more of them are a machine's that does not say so. */
const A_DAY = 20;

/** Whether as many answers have come from and for this person today as are passed on. */
export async function takenFrom(tx: Queryable, leadId: string): Promise<{ tooMany: boolean }> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from inbound_mail where lead_id = $1 and kind = 'reply' and received_at > (select clock()) - interval '1 day'`,
    [leadId],
  );
  return { tooMany: rows[0]!.count >= A_DAY };
}
