import type { Queryable } from './pool.ts';
import { takeGuards } from './turns.ts';

/** How a company stands in a campaign. */
export interface CompanyHistory {
  active: boolean;
  lastEndedAt: Date | null;
}

/**
 * Takes the guards of these companies in a campaign, so that nobody else brings one in meanwhile, and tells how each stands: in it by anybody, chosen to
 * come in, or out of it since when. By account id; one that was never in it is not there.
 */
export async function lockCompanies(
  tx: Queryable,
  campaignId: string,
  accountIds: readonly string[],
): Promise<Map<string, CompanyHistory>> {
  await takeGuards(
    tx,
    accountIds.map((id) => `company:${campaignId}/${id}`),
  );
  const { rows } = await tx.query<CompanyHistory & { accountId: string }>(
    `select account_id as "accountId", bool_or(active) as active, max(ended_at) as "lastEndedAt"
       from (select l.account_id, e.state = 'active' as active, e.ended_at
               from lead l join enrolment e on e.lead_id = l.id where l.account_id = any($2::uuid[]) and e.campaign_id = $1
             union all
             select l.account_id, true, null from candidate c join lead l on l.id = c.lead_id
              where c.campaign_id = $1 and c.for_account_id is not null and l.account_id = any($2::uuid[])) seen
      group by account_id`,
    [campaignId, accountIds],
  );
  return new Map(rows.map(({ accountId, ...history }) => [accountId, history]));
}

/** Somebody of a company who was chosen to enter for it. */
export interface Chosen {
  leadId: string;
  accountId: string;
  position: number;
  properties: Record<string, unknown>;
}

/** Puts the chosen before the entry, to be looked at like everybody else. Answers their loops' campaign and slots. */
export async function addChosen(
  tx: Queryable,
  campaignId: string,
  chosen: readonly Chosen[],
): Promise<{ campaignId: string; slot: number }[]> {
  if (chosen.length === 0) return [];
  const { rows } = await tx.query<{ campaignId: string; slot: number }>(
    `with added as (
       insert into candidate (campaign_id, slot, lead_id, position, event_at, properties, for_account_id)
       select $1, l.slot, l.id, c.position, clock(), c.properties, c.account_id
         from unnest($2::uuid[], $3::int[], $4::jsonb[], $5::uuid[]) with ordinality as c (lead_id, position, properties, account_id, n)
         join lead l on l.id = c.lead_id order by c.n
       returning campaign_id, slot)
     select distinct campaign_id as "campaignId", slot from added`,
    [
      campaignId,
      chosen.map((one) => one.leadId),
      chosen.map((one) => one.position),
      chosen.map((one) => JSON.stringify(one.properties)),
      chosen.map((one) => one.accountId),
    ],
  );
  return rows;
}
