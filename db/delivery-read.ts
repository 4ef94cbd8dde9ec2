import type { ToldKind } from '../domain/delivery/told.ts';
import type { Queryable } from './pool.ts';

/** One thing that was told of a mail after it was accepted. */
export interface ToldOfMail {
  kind: Exclude<ToldKind, 'opened' | 'clicked'>;
  /** Workspace time, as ISO 8601. */
  at: string;
  /** Who told: `sendgrid`, `dsn`, `arf`. */
  source: string;
  reason: string | null;
  status: string | null;
}

/** SQL: what was told of the mail of this alias in the order in which it happened, as a JSON array; opens and clicks are judged elsewhere. */
export const deliveryOf = (send: string): string => `
  coalesce((select jsonb_agg(jsonb_build_object('kind', d.kind, 'at', to_char(d.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'source', d.source, 'reason', d.reason, 'status', d.status) order by d.told_real, d.kind)
     from delivery_event d where d.send_id = ${send}.id and d.kind not in ('opened', 'clicked')), '[]')`;

/** What was told of one mail. */
export async function deliveryTold(tx: Queryable, sendId: string): Promise<ToldOfMail[]> {
  const { rows } = await tx.query<{ delivery: ToldOfMail[] }>(`select ${deliveryOf('s')} as delivery from send s where s.id = $1`, [
    sendId,
  ]);
  return rows[0]?.delivery ?? [];
}
