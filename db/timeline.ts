import { cutPage, type Place } from './keyset.ts';
import { deliveryOf } from './delivery-read.ts';
import type { Queryable } from './pool.ts';

export const timelineKinds = ['event', 'mail', 'decision', 'submission', 'opportunity', 'task', 'call', 'consent'] as const;

/** One thing in the life of a lead. `data` has what its kind knows of it. */
export interface TimelineItem {
  id: string;
  at: Date;
  kind: (typeof timelineKinds)[number];
  /** Name of the event, template of the mail, kind of the decision, key of the form, state of the opportunity, title of the task, host of the call, topic of the consent. */
  what: string;
  data: Record<string, unknown>;
}

/** Everything known of a lead in the order of time, newest first. Each source gives one page at most, from its own index. */
export async function readTimeline(tx: Queryable, leadId: string, limit: number, from: Place | null) {
  const page = (source: string): string =>
    `(select * from (${source}) source where $2::timestamptz is null or (at, id) < ($2::timestamptz, $3::uuid) order by at desc, id desc limit $4)`;
  const { rows } = await tx.query<TimelineItem & { place: Place }>(
    `select id, at, kind, what, data, jsonb_build_object('at', at::text, 'id', id) as place from (
       ${page(`select id, at, 'event' as kind, name as what, jsonb_build_object('source', source, 'properties', properties) as data from event where lead_id = $1`)}
       union all
       ${page(
         `select s.id, s.queued_at as at, 'mail' as kind, s.template as what,
                 jsonb_build_object('state', s.state, 'class', s.class, 'subject', s.subject, 'reason', s.reason, 'step', s.step_id, 'campaign', c.key,
                                    'inFlightAt', s.in_flight_at, 'settledAt', s.settled_at,
                                    'delivery', ${deliveryOf('s')}) as data
            from send s left join campaign c on c.id = s.campaign_id where s.lead_id = $1`,
       )}
       union all
       ${page(
         `select j.id, j.at, 'decision' as kind, j.kind as what,
                 jsonb_build_object('campaign', c.key, 'step', j.step_id, 'opportunityId', j.opportunity_id, 'because', j.because) as data
            from journal j left join campaign c on c.id = j.campaign_id where j.lead_id = $1`,
       )}
       union all
       ${page(
         `select id, received_at as at, 'submission' as kind, form_key as what, jsonb_build_object('provider', provider, 'state', state, 'fields', fields) as data
            from submission where lead_id = $1`,
       )}
       union all
       ${page(
         `select o.id, o.created_at as at, 'opportunity' as kind, o.state as what,
                 jsonb_build_object('owner', r.name, 'source', o.source, 'rung', o.rung, 'acceptedAt', o.accepted_at, 'breachedAt', o.breached_at, 'closedAt', o.closed_at) as data
            from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id left join rep r on r.id = o.owner_rep_id where ol.lead_id = $1`,
       )}
       union all
       ${page(
         `select t.id, t.created_at as at, 'task' as kind, t.title as what,
                 jsonb_build_object('state', t.state, 'owner', r.name, 'outcome', t.outcome, 'note', t.note, 'dueAt', t.due_at, 'closedAt', t.closed_at,
                                    'campaign', c.key, 'step', t.step_id) as data
            from task t join rep r on r.id = t.owner_rep_id left join campaign c on c.id = t.campaign_id where t.lead_id = $1`,
       )}
       union all
       ${page(
         `select o.id, o.queued_at as at, 'call' as kind, o.host as what,
                 jsonb_build_object('state', o.state, 'status', o.status, 'reason', o.reason, 'attempts', o.attempts, 'dueAt', o.due_at, 'settledAt', o.settled_at,
                                    'campaign', c.key, 'step', o.step_id) as data
            from outgoing_call o left join campaign c on c.id = o.campaign_id where o.lead_id = $1`,
       )}
       union all
       ${page(
         `select id, at, 'consent' as kind, topic as what,
                 jsonb_build_object('state', state, 'basis', basis, 'source', source, 'textVersion', text_version, 'expiresAt', expires_at) as data
            from consent where lead_id = $1`,
       )}) life
      order by at desc, id desc limit $4`,
    [leadId, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}
