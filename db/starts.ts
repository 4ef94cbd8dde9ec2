import { isActive } from './enrolments.ts';
import type { Queryable } from './pool.ts';
import { RUN_ID, type Woken } from './wakes.ts';

/** Somebody who is to enter a campaign because another one says so. */
export interface NewStart {
  campaignKey: string;
  leadId: string;
  properties: Record<string, unknown>;
}

/** Puts them at the door of their campaigns; where one is not live, that is journalled instead. Answers the loops that take them in. */
export async function startCampaigns(tx: Queryable, starts: readonly NewStart[]): Promise<Woken[]> {
  if (starts.length === 0) return [];
  const { rows } = await tx.query<Woken>(
    `with asked as (
       select s.properties, s.n, l.id as lead_id, l.slot, c.id as campaign_id, c.kind = 'campaign' and c.live_version_id is not null and c.state in ('live', 'paused') as live
         from unnest($1::text[], $2::uuid[], $3::jsonb[]) with ordinality as s (key, lead_id, properties, n)
         join lead l on l.id = s.lead_id left join campaign c on c.key = s.key),
     refused as (
       insert into journal (kind, lead_id, campaign_id, because)
       select 'not_entered', lead_id, campaign_id, jsonb_build_object('rule', 'not_live', 'started', properties -> 'started')
         from asked where not coalesce(live, false) order by n)
     insert into candidate (campaign_id, slot, lead_id, event_at, properties)
     select campaign_id, slot, lead_id, clock(), properties from asked where live order by n
     returning campaign_id as "campaignId", slot`,
    [starts.map((s) => s.campaignKey), starts.map((s) => s.leadId), starts.map((s) => JSON.stringify(s.properties))],
  );
  return rows;
}

/** Somebody who is to leave a campaign because another one says so. */
export interface NewStop {
  campaignKey: string;
  leadId: string;
  because: Record<string, unknown>;
}

/**
 * Asks the loops of these leads' active enrolments there to end them, and turns away those who still stand at the door. Call it under `lockLeads`:
 * whoever takes candidates in holds that lock before theirs, so that nobody slips in meanwhile. Answers the loops.
 */
export async function stopCampaigns(tx: Queryable, stops: readonly NewStop[]): Promise<Woken[]> {
  if (stops.length === 0) return [];
  const { rows } = await tx.query<Woken>(
    `with asked as (
       select c.id as campaign_id, l.id as lead_id, l.slot, s.because
         from unnest($1::text[], $2::uuid[], $3::jsonb[]) as s (key, lead_id, because) join campaign c on c.key = s.key join lead l on l.id = s.lead_id),
     at_door as (
       select k.id, k.lead_id, k.campaign_id, a.because
         from asked a join candidate k on k.campaign_id = a.campaign_id and k.slot = a.slot and k.lead_id = a.lead_id
        order by k.id for update of k),
     sent_away as (delete from candidate k using at_door d where k.id = d.id returning k.lead_id, k.campaign_id, d.because),
     noted as (
       insert into journal (kind, lead_id, campaign_id, because)
       select 'not_entered', lead_id, campaign_id, jsonb_build_object('rule', 'stopped') || because from sent_away order by lead_id),
     stopped as (
       insert into enrolment_stop (enrolment_id, because)
       select distinct on (e.id) e.id, a.because
         from asked a join enrolment e on e.campaign_id = a.campaign_id and e.lead_id = a.lead_id and ${isActive('e')}
        order by e.id
       on conflict (enrolment_id) do nothing
       returning enrolment_id),
     looking as materialized (select e.campaign_id, e.slot, e.id, ${RUN_ID} from enrolment e join stopped s on s.enrolment_id = e.id),
     woken as (insert into wake (campaign_id, slot, enrolment_id) select campaign_id, slot, id from looking order by id)
     select campaign_id as "campaignId", slot, run_id as "runId" from looking`,
    [stops.map((s) => s.campaignKey), stops.map((s) => s.leadId), stops.map((s) => JSON.stringify(s.because))],
  );
  return rows;
}

/** Which of these enrolments another campaign has stopped, and which one that was. */
export async function readStops(tx: Queryable, enrolmentIds: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await tx.query<{ id: string; because: Record<string, unknown> }>(
    'select enrolment_id as id, because from enrolment_stop where enrolment_id = any($1::uuid[])',
    [enrolmentIds],
  );
  return new Map(rows.map(({ id, because }) => [id, because]));
}

/** Forgets stops that are carried out. */
export async function deleteStops(tx: Queryable, enrolmentIds: readonly string[]): Promise<void> {
  if (enrolmentIds.length > 0) await tx.query('delete from enrolment_stop where enrolment_id = any($1::uuid[])', [enrolmentIds]);
}

/** Who of these leads is in which of these campaigns now: `key lead`. */
export async function activeIn(tx: Queryable, campaignKeys: readonly string[], leadIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ key: string; leadId: string }>(
    `select c.key, e.lead_id as "leadId" from enrolment e join campaign c on c.id = e.campaign_id
      where e.lead_id = any($2::uuid[]) and c.key = any($1) and ${isActive('e')}`,
    [campaignKeys, leadIds],
  );
  return new Set(rows.map(({ key, leadId }) => `${key} ${leadId}`));
}
