import type { Loop } from '../domain/loops.ts';
import { clickBehind, type ProvisionalClick, type Visit } from '../domain/tracking/visit.ts';
import { judgeMails } from './hit-judgement.ts';
import type { Queryable } from './pool.ts';
import { lockLeads } from './wakes.ts';

/**
 * Known people viewed these pages: a click that led there was a person's, and is judged at once instead of after its minute. Costs one look into an
 * index that is nearly empty. Answers the loops to poke after the commit.
 */
export async function confirmClicks(tx: Queryable, visits: readonly Visit[]): Promise<Loop[]> {
  if (visits.length === 0) return [];
  const { rows: clicks } = await tx.query<ProvisionalClick & { sendId: string }>(
    `select id, lead_id as "leadId", send_id as "sendId", at, url, user_agent as "userAgent" from hit
      where lead_id = any($1::uuid[]) and judge_at_real is not null and kind = 'click'`,
    [[...new Set(visits.map(({ leadId }) => leadId))]],
  );
  const behind = new Set(visits.map((visit) => clickBehind(visit, clicks)));
  const confirmed = clicks.filter((click) => behind.has(click));
  if (confirmed.length === 0) return [];
  // The leads before their hits, as everybody does who judges.
  await lockLeads(tx, [...new Set(confirmed.map(({ leadId }) => leadId))]);
  await tx.query(
    `update hit set signs = signs || '{visited}', judge_at_real = now()
       from (select id from hit where id = any($1::uuid[]) and judge_at_real is not null order by id for update) c where hit.id = c.id`,
    [confirmed.map(({ id }) => id)],
  );
  return judgeMails(tx, [...new Set(confirmed.map(({ sendId }) => sendId))]);
}
