import type { SendClass } from '../domain/delivery/mail.ts';
import type { SendState } from '../domain/delivery/ledger.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

/** A row of the ledger as it is shown. */
export interface ShownSend {
  id: string;
  sendKey: string;
  class: SendClass;
  lane: string;
  state: SendState;
  priority: number;
  leadId: string | null;
  repId: string | null;
  campaignId: string | null;
  campaign: string | null;
  enrolmentId: string | null;
  stepId: string | null;
  opportunityId: string | null;
  topic: string | null;
  template: string;
  address: string | null;
  subject: string | null;
  queuedAt: Date;
  dueAt: Date;
  notAfter: Date | null;
  attempts: number;
  inFlightAt: Date | null;
  settledAt: Date | null;
  unknownAt: Date | null;
  reason: string | null;
  providerId: string | null;
  test: boolean;
}

const columns = `s.id, s.send_key as "sendKey", s.class, s.lane, s.state, s.priority, s.lead_id as "leadId", s.rep_id as "repId",
  s.campaign_id as "campaignId", c.key as campaign, s.enrolment_id as "enrolmentId", s.step_id as "stepId", s.opportunity_id as "opportunityId",
  s.topic, s.template, s.address, s.subject, s.queued_at as "queuedAt", s.due_at as "dueAt", s.not_after as "notAfter", s.attempts,
  s.in_flight_at as "inFlightAt", s.settled_at as "settledAt", s.unknown_at as "unknownAt", s.reason, s.provider_id as "providerId", s.test`;

export interface SendFilter {
  leadId: string | null;
  /** Key of the campaign. */
  campaign: string | null;
  state: SendState | null;
}

/** Mails of the ledger, newest first (ids rise with time), one page from a place on. */
export async function listSends(
  tx: Queryable,
  { leadId, campaign, state }: SendFilter,
  limit: number,
  from: Place | null,
): Promise<{ items: ShownSend[]; nextCursor: string | null }> {
  const { rows } = await tx.query<ShownSend & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', s.queued_at::text, 'id', s.id) as place
       from send s left join campaign c on c.id = s.campaign_id
      where ($1::uuid is null or s.lead_id = $1)
        and ($2::text is null or c.key = $2)
        and ($3::text is null or s.state = $3)
        and ($5::uuid is null or s.id < $5)
      order by s.id desc limit $4 + 1`,
    [leadId, campaign, state, limit, from?.id ?? null],
  );
  return cutPage(rows, limit);
}

/** One mail of the ledger, or null. */
export async function readSend(tx: Queryable, id: string): Promise<ShownSend | null> {
  const { rows } = await tx.query<ShownSend>(`select ${columns} from send s left join campaign c on c.id = s.campaign_id where s.id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}
