import type { SendClass } from '../domain/delivery/mail.ts';
import type { Queryable } from './pool.ts';

/** A mail to be sent. The key names the effect: whoever queues it a second time queues nothing. */
export interface NewSend {
  /** enrolment/step/occurrence, or opportunity/epoch/what. */
  sendKey: string;
  class: SendClass;
  /** 0-100, higher goes first; default 50. */
  priority?: number;
  leadId?: string | null;
  repId?: string | null;
  campaignId?: string | null;
  enrolmentId?: string | null;
  stepId?: string | null;
  opportunityId?: string | null;
  topic?: string | null;
  template: string;
  params?: object;
  /** 'owner', `Name <address>`, or null for the workspace's. */
  sender?: string | null;
  /** Workspace time: not before, and not after. */
  dueAt?: Date | null;
  notAfter?: Date | null;
  test?: boolean;
}

/** Puts mails into the ledger, in one statement; keys that stand there already are left alone. Answers the lanes to poke after the commit. */
export async function queueSends(tx: Queryable, sends: readonly NewSend[]): Promise<string[]> {
  if (sends.length === 0) return [];
  const sorted = sends.toSorted((a, b) => (a.sendKey < b.sendKey ? -1 : 1));
  const { rows } = await tx.query<{ lane: string }>(
    `with queued as (
       insert into send (send_key, class, lane, priority, lead_id, rep_id, campaign_id, enrolment_id, step_id, opportunity_id,
                         topic, template, params, sender, queued_at, due_at, not_after, test)
       select n.send_key, n.class, n.class, n.priority, n.lead_id, n.rep_id, n.campaign_id, n.enrolment_id, n.step_id, n.opportunity_id,
              n.topic, n.template, n.params, n.sender, (select clock()), coalesce(n.due_at, (select clock())), n.not_after, n.test
         from rows from (
                unnest($1::text[], $2::text[], $3::smallint[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::uuid[],
                       $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::boolean[]),
                jsonb_array_elements($16))
           as n (send_key, class, priority, lead_id, rep_id, campaign_id, enrolment_id, step_id, opportunity_id,
                 topic, template, sender, due_at, not_after, test, params)
           on conflict (send_key) do nothing
       returning lane)
     select distinct lane from queued order by lane`,
    [
      sorted.map((s) => s.sendKey),
      sorted.map((s) => s.class),
      sorted.map((s) => s.priority ?? 50),
      sorted.map((s) => s.leadId ?? null),
      sorted.map((s) => s.repId ?? null),
      sorted.map((s) => s.campaignId ?? null),
      sorted.map((s) => s.enrolmentId ?? null),
      sorted.map((s) => s.stepId ?? null),
      sorted.map((s) => s.opportunityId ?? null),
      sorted.map((s) => s.topic ?? null),
      sorted.map((s) => s.template),
      sorted.map((s) => s.sender ?? null),
      sorted.map((s) => s.dueAt ?? null),
      sorted.map((s) => s.notAfter ?? null),
      sorted.map((s) => s.test ?? false),
      JSON.stringify(sorted.map((s) => s.params ?? {})),
    ],
  );
  return rows.map((row) => row.lane);
}
