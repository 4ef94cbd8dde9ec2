import { raiseAlerts } from './alerts.ts';
import { isActive } from './enrolments.ts';
import { storeEvents } from './events.ts';
import type { Queryable } from './pool.ts';
import { suppress } from './suppressions.ts';
import type { Woken } from './wakes.ts';

/** Somebody reported a mail as spam. */
export interface Complaint {
  /** Normalised. */
  address: string;
  leadId: string | null;
  /** The mail, where it is known. */
  send: { id: string; campaign: string | null; step: string | null } | null;
  /** Who tells: `sendgrid`, `arf`. */
  source: string;
}

/**
 * Nothing is sent to them any more, they leave every campaign at once, and the people who run the workspace are alerted. The caller holds
 * `lockLeads` on the leads, and knows that it has not told of the same complaint before. Answers whom to poke.
 */
export async function takeComplaints(tx: Queryable, complaints: readonly Complaint[]): Promise<Woken[]> {
  if (complaints.length === 0) return [];
  await suppress(
    tx,
    complaints.map(({ address, source }) => ({ address, kind: 'complaint', scope: 'all', source })),
  );
  const known = complaints.filter((one): one is Complaint & { leadId: string } => one.leadId !== null);
  await stopEverything(tx, known);
  await raiseAlerts(
    tx,
    complaints.map(({ source, send }) => ({
      kind: 'complaint',
      about: send?.campaign ?? '',
      detail: { source, campaign: send?.campaign ?? null, send: send?.id ?? null },
    })),
  );
  const { woken, candidates } = await storeEvents(
    tx,
    known.map(({ leadId, send, source }) => ({
      leadId,
      name: 'email_complained',
      source,
      properties: { send: send?.id ?? null, campaign: send?.campaign ?? null, step: send?.step ?? null },
    })),
  );
  return [...woken, ...candidates];
}

/** Asks the loops of all their enrolments to end them, and turns them away from the doors they stand at. */
async function stopEverything(tx: Queryable, complaints: readonly { leadId: string; source: string }[]): Promise<void> {
  if (complaints.length === 0) return;
  await tx.query(
    `with asked as (
       select distinct on (l.id) l.id as lead_id, l.slot, jsonb_build_object('rule', 'complained', 'source', s.source) as because
         from unnest($1::uuid[], $2::text[]) as s (lead_id, source) join lead l on l.id = s.lead_id order by l.id),
     at_door as (
       select k.id, k.lead_id, k.campaign_id, a.because from asked a join candidate k on k.lead_id = a.lead_id order by k.id for update of k),
     sent_away as (delete from candidate k using at_door d where k.id = d.id returning k.lead_id, k.campaign_id, d.because),
     noted as (insert into journal (kind, lead_id, campaign_id, because) select 'not_entered', lead_id, campaign_id, because from sent_away order by lead_id)
     insert into enrolment_stop (enrolment_id, because)
     select e.id, a.because from asked a join enrolment e on e.lead_id = a.lead_id and ${isActive('e')} order by e.id
     on conflict (enrolment_id) do nothing`,
    [complaints.map(({ leadId }) => leadId), complaints.map(({ source }) => source)],
  );
}
