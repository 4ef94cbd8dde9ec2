import { type Told, tell } from '../domain/words/decision.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

/** One decision about a lead, in words and as it was written. */
export interface Reason extends Told {
  id: string;
  at: Date;
  kind: string;
  campaign: { key: string; name: string } | null;
  stepId: string | null;
  opportunityId: string | null;
  because: Record<string, unknown>;
}

/** Every decision the journal has about a lead, newest first, one page from a place on; of one campaign when its key is given. */
export async function readReasons(tx: Queryable, leadId: string, campaignKey: string | null, limit: number, from: Place | null) {
  const { rows } = await tx.query<Omit<Reason, 'words' | 'facts'> & { place: Place }>(
    `select j.id, j.at, j.kind, j.step_id as "stepId", j.opportunity_id as "opportunityId", j.because,
            case when c.id is not null then jsonb_build_object('key', c.key, 'name', c.name) end as campaign,
            jsonb_build_object('at', j.at::text, 'id', j.id) as place
       from journal j left join campaign c on c.id = j.campaign_id
      where j.lead_id = $1 and ($2::text is null or c.key = $2) and ($3::timestamptz is null or (j.at, j.id) < ($3::timestamptz, $4::uuid))
      order by j.at desc, j.id desc limit $5`,
    [leadId, campaignKey, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  const told = rows.map((row) => ({
    ...row,
    ...tell({ kind: row.kind, stepId: row.stepId, campaign: row.campaign?.name ?? null, because: row.because }),
  }));
  return cutPage(told, limit);
}
