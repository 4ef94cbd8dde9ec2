import { accountFacts, leadFacts } from './fact-columns.ts';
import type { Queryable } from './pool.ts';

/** Somebody a mail may be written to, with everything it may say of them. */
export interface Reader {
  leadId: string;
  lead: Record<string, unknown>;
  account: Record<string, unknown>;
  owner: { name: string; email: string; title: string | null } | null;
}

const READER = `l.id as "leadId",
  jsonb_strip_nulls(${leadFacts} || jsonb_build_object('id', l.id, 'stage', l.stage, 'company', coalesce(l.company, a.name))) as lead,
  coalesce(jsonb_strip_nulls(${accountFacts}), '{}') as account,
  case when o.id is not null then json_build_object('name', o.name, 'email', o.email, 'title', o.title) end as owner
  from lead l
  left join account a on a.id = l.account_id
  left join lateral (
    select (array_agg(p.owner_rep_id order by p.created_at desc))[1] as rep_id
      from opportunity_lead ol join opportunity p on p.id = ol.opportunity_id
     where ol.lead_id = l.id and p.closed_at is null and p.state in ('accepted', 'touched')) op on true
  left join rep o on o.id = coalesce(op.rep_id, a.owner_rep_id)`;

/** These leads as a mail speaks of them, in the order of their ids. */
export async function loadReaders(tx: Queryable, leadIds: readonly string[]): Promise<Reader[]> {
  const { rows } = await tx.query<Reader>(`select ${READER} where l.id = any($1::uuid[]) order by l.id`, [leadIds]);
  return rows;
}

/**
 * Of these leads, or of all (null), those who want post: their attribute `prefers` is `post`; with `everybody` it need not be. Tests and
 * those who want no marketing at all, or have complained, are left out; a dead mailbox is no hindrance. At most `limit`, in the order of their ids.
 */
export async function loadPostReaders(
  tx: Queryable,
  leadIds: readonly string[] | null,
  { everybody, limit }: { everybody: boolean; limit: number },
): Promise<Reader[]> {
  const { rows } = await tx.query<Reader>(
    `select ${READER}
      where not l.test and l.stage <> 'disqualified' and ($1::uuid[] is null or l.id = any($1::uuid[])) and ($2 or lower(l.attributes ->> 'prefers') = 'post')
        and not exists (select from suppression s where s.address = lower(l.email) and s.kind <> 'bounce')
      order by l.id limit $3`,
    [leadIds, everybody, limit],
  );
  return rows;
}
