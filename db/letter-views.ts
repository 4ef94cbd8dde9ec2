import { accountFacts, leadFacts } from './fact-columns.ts';
import { mailWorkspace } from './mails.ts';
import type { Queryable } from './pool.ts';

/** What a letter may name, for each of these leads and reps, in order: as the mail that leaves sees it. */
export async function letterViews(tx: Queryable, letters: readonly { leadId: string; repId: string }[]): Promise<object[]> {
  if (letters.length === 0) return [];
  const { rows } = await tx.query<{ lead: Record<string, unknown>; account: Record<string, unknown> | null; rep: Record<string, unknown> }>(
    `select ${leadFacts} || jsonb_build_object('id', l.id, 'stage', l.stage)
              || case when l.company is null and a.name is not null then jsonb_build_object('company', a.name) else '{}' end as lead,
            ${accountFacts} as account, jsonb_strip_nulls(jsonb_build_object('name', r.name, 'email', r.email, 'title', r.title)) as rep
       from unnest($1::uuid[], $2::uuid[]) with ordinality as w (lead_id, rep_id, n)
       join lead l on l.id = w.lead_id join rep r on r.id = w.rep_id left join account a on a.id = l.account_id order by w.n`,
    [letters.map(({ leadId }) => leadId), letters.map(({ repId }) => repId)],
  );
  const workspace = await mailWorkspace(tx);
  return rows.map(({ lead, account, rep }) => ({
    workspace,
    lead,
    account: account ?? {},
    rep,
    sender: { name: rep['name'], address: rep['email'] },
  }));
}
