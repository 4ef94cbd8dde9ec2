import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

export interface EnrolmentRow {
  id: string;
  leadId: string;
  email: string | null;
  version: number;
  state: 'active' | 'completed' | 'goal' | 'exited';
  stepId: string;
  enteredAt: Date;
  arrivedAt: Date;
  dueAt: Date | null;
  waiting: string | null;
  endedAt: Date | null;
  endReason: string | null;
  error: string | null;
}

/** Enrolments of a campaign, newest first, one page from a place on; by step and state where asked. */
export async function listEnrolments(
  tx: Queryable,
  campaignId: string,
  { step, state }: { step?: string; state?: string },
  limit: number,
  from: Place | null,
) {
  const { rows } = await tx.query<EnrolmentRow & { place: Place }>(
    `select e.id, e.lead_id as "leadId", l.email, v.number as version, e.state, e.step_id as "stepId", e.entered_at as "enteredAt", e.arrived_at as "arrivedAt",
            e.due_at as "dueAt", e.waiting, e.ended_at as "endedAt", e.end_reason as "endReason", e.error, jsonb_build_object('at', e.entered_at::text, 'id', e.id) as place
       from enrolment e join lead l on l.id = e.lead_id join campaign_version v on v.id = e.version_id
      where e.campaign_id = $1 and ($2::text is null or e.step_id = $2) and ($3::text is null or e.state = $3)
        and ($4::timestamptz is null or (e.entered_at, e.id) < ($4::timestamptz, $5::uuid))
      order by e.entered_at desc, e.id desc limit $6`,
    [campaignId, step ?? null, state ?? null, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}
