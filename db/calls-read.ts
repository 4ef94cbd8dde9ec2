import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

export const callStates = ['queued', 'claimed', 'done', 'failed', 'cancelled'] as const;

/** A request to another system as it is read. */
export interface CallView {
  id: string;
  /** Travels as the `webhook-id`. */
  key: string;
  kind: 'webhook' | 'notify';
  state: (typeof callStates)[number];
  host: string;
  url: string;
  method: string;
  leadId: string | null;
  campaign: string | null;
  step: string | null;
  queuedAt: Date;
  /** When the next attempt is due, while it is queued. */
  dueAt: Date | null;
  attempts: number;
  status: number | null;
  reason: string | null;
  excerpt: string | null;
  settledAt: Date | null;
  test: boolean;
}

export interface CallFilter {
  state?: CallView['state'];
  leadId?: string;
  /** Key of a campaign. */
  campaign?: string;
  host?: string;
}

/** One page of the outbox of calls, newest first. */
export async function listCalls(tx: Queryable, { state, leadId, campaign, host }: CallFilter, limit: number, after: Place | null) {
  const { rows } = await tx.query<CallView & { place: Place }>(
    `select o.id, o.call_key as key, o.lane as kind, o.state, o.host, o.url, o.method, o.lead_id as "leadId", c.key as campaign, o.step_id as step,
            o.queued_at as "queuedAt", case when o.state = 'queued' then o.due_at end as "dueAt", o.attempts, o.status, o.reason, o.excerpt,
            o.settled_at as "settledAt", o.test, jsonb_build_object('at', o.queued_at::text, 'id', o.id) as place
       from outgoing_call o left join campaign c on c.id = o.campaign_id
      where ($1::text is null or o.state = $1) and ($2::uuid is null or o.lead_id = $2) and ($3::text is null or c.key = $3)
        and ($4::text is null or o.host = $4) and ($5::timestamptz is null or (o.queued_at, o.id) < ($5::timestamptz, $6::uuid))
      order by o.queued_at desc, o.id desc limit $7`,
    [state ?? null, leadId ?? null, campaign ?? null, host ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}
