import type { Candidate, History } from '../domain/campaign/entry.ts';
import type { NurtureRange } from './enrolments.ts';
import type { Queryable } from './pool.ts';

export interface QueuedCandidate extends Candidate {
  id: string;
  leadId: string;
  eventId: string | null;
}

/**
 * Locks candidates of the range, oldest first. Those whose entry asks for the score wait until their lead's is fresh; scoring
 * pokes this loop when it is.
 */
export async function lockCandidates(tx: Queryable, { campaignId, from, to }: NurtureRange, limit: number): Promise<QueuedCandidate[]> {
  const { rows } = await tx.query<QueuedCandidate>(
    `select id, lead_id as "leadId", position, event_id as "eventId", event_at as "eventAt", properties
       from candidate c
      where campaign_id = $1 and slot between $2 and $3
        and (not needs_score or not exists (select from score_wake w where w.lead_id = c.lead_id))
      order by id limit $4 for update skip locked`,
    [campaignId, from, to, limit],
  );
  return rows;
}

export async function deleteCandidates(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query('delete from candidate where id = any($1::bigint[])', [ids]);
}

/** Whether candidates of the range are still there, waiting for a score or a lock. */
export async function candidatesWait(tx: Queryable, { campaignId, from, to }: NurtureRange): Promise<boolean> {
  const { rowCount } = await tx.query('select 1 from candidate where campaign_id = $1 and slot between $2 and $3 limit 1', [
    campaignId,
    from,
    to,
  ]);
  return (rowCount ?? 0) > 0;
}

/** Somebody enters by hand or by API: on the same way as everybody else. Answers the lead's slot. */
export async function addCandidate(
  tx: Queryable,
  campaignId: string,
  leadId: string,
  properties: Record<string, unknown>,
): Promise<number> {
  const { rows } = await tx.query<{ slot: number }>(
    `insert into candidate (campaign_id, slot, lead_id, event_at, properties) select $1, slot, id, clock(), $3 from lead where id = $2 returning slot`,
    [campaignId, leadId, JSON.stringify(properties)],
  );
  return rows[0]!.slot;
}

/** Earlier enrolments of these leads in the campaign, by `lead/key`. Read under the leads' locks. */
export async function loadHistory(tx: Queryable, campaignId: string, leadIds: readonly string[]): Promise<Map<string, History>> {
  const { rows } = await tx.query<History & { leadId: string; key: string }>(
    `select lead_id as "leadId", key, bool_or(state = 'active') as active, max(ended_at) as "lastEndedAt"
       from enrolment where campaign_id = $1 and lead_id = any($2) group by lead_id, key`,
    [campaignId, leadIds],
  );
  return new Map(rows.map(({ leadId, key, ...history }) => [`${leadId}/${key}`, history]));
}

export interface NewEnrolment {
  leadId: string;
  key: string;
  enteredAt: Date;
  eventId: string | null;
  properties: Record<string, unknown>;
}

/** Enrols them at the first step, due at once. Answers the ids, in the order given; null where one was active after all. */
export async function enrol(
  tx: Queryable,
  campaignId: string,
  versionId: string,
  firstStep: string,
  people: readonly NewEnrolment[],
): Promise<(string | null)[]> {
  const { rows } = await tx.query<{ id: string; leadId: string; key: string }>(
    `insert into enrolment (campaign_id, version_id, lead_id, slot, test, key, step_id, arrived_at, due_at, entry, entered_at, entry_event_id)
     select $1, $2, l.id, l.slot, l.test, p.key, $3, clock(), clock(), p.properties, least(p.entered_at, clock()), p.event_id
       from unnest($4::uuid[], $5::text[], $6::timestamptz[], $7::jsonb[], $8::uuid[]) with ordinality as p (lead_id, key, entered_at, properties, event_id, n)
       join lead l on l.id = p.lead_id
      order by n
     on conflict (campaign_id, lead_id, key) where state = 'active' do nothing
     returning id, lead_id as "leadId", key`,
    [
      campaignId,
      versionId,
      firstStep,
      people.map((p) => p.leadId),
      people.map((p) => p.key),
      people.map((p) => p.enteredAt),
      people.map((p) => JSON.stringify(p.properties)),
      people.map((p) => p.eventId),
    ],
  );
  const ids = new Map(rows.map((row) => [`${row.leadId}/${row.key}`, row.id]));
  return people.map(({ leadId, key }) => ids.get(`${leadId}/${key}`) ?? null);
}
