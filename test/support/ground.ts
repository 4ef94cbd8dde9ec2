import type { Queryable } from '../../db/pool.ts';

/** Puts a person with a score, a company and a short life into the database; answers their id. */
export async function addPerson(
  tx: Queryable,
  email: string,
  { name = 'Mei Lin', at = '2027-01-04T09:00:00Z', test = false, stage = 'lead' } = {},
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `with firm as (insert into account (name, domain) values ('Huadong Pumps', split_part($1, '@', 2)) on conflict (domain) do update set name = excluded.name returning id),
     person as (
       insert into lead (email, name, company, account_id, stage, test, created_at)
       select $1, $2, 'Huadong Pumps', id, $5, $4, $3 from firm returning id, slot),
     known as (insert into lead_identity (kind, value, lead_id) select 'email', $1, id from person)
     insert into lead_score (lead_id, slot, fit, fit_points, engagement, level, explanation, model, computed_at)
     select id, slot, 'B', 45, 12.5, 'cold', '{}', 1, $3 from person returning lead_id as id`,
    [email, name, at, test, stage],
  );
  return rows[0]!.id;
}

/** A campaign in force whose document has the steps given; answers its ids. */
export async function addCampaign(
  tx: Queryable,
  key: string,
  steps: object[] = [{ id: 'hello', send: 'welcome' }],
): Promise<{ campaignId: string; versionId: string }> {
  const { rows } = await tx.query<{ campaignId: string; versionId: string }>(
    `with c as (insert into campaign (key, name, state) values ($1, initcap($1), 'live') returning id),
     v as (insert into campaign_version (campaign_id, number, body) select id, 1, $2 from c returning id, campaign_id)
     select campaign_id as "campaignId", id as "versionId" from v`,
    [key, JSON.stringify({ key, name: key, class: 'transactional', steps })],
  );
  await tx.query('update campaign set live_version_id = $2 where id = $1', [rows[0]!.campaignId, rows[0]!.versionId]);
  return rows[0]!;
}

/** An enrolment that stands at a step; answers its id. */
export async function addEnrolment(
  tx: Queryable,
  { campaignId, versionId }: { campaignId: string; versionId: string },
  leadId: string,
  { stepId = 'hello', waiting = null as string | null, state = 'active', dueAt = '1 day' } = {},
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into enrolment (campaign_id, version_id, lead_id, slot, state, step_id, arrived_at, entered_at, due_at, waiting, ended_at)
     select $1, $2, id, slot, $5, $4, clock(), clock(), case when $5 = 'active' then clock() + $7::interval end, $6, case when $5 <> 'active' then clock() end
       from lead where id = $3 returning id`,
    [campaignId, versionId, leadId, stepId, state, waiting, dueAt],
  );
  return rows[0]!.id;
}
