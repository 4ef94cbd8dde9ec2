import { iso } from './leads-read.ts';
import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

/** A company as it is read. */
export interface AccountView {
  id: string;
  name: string | null;
  domain: string | null;
  country: string | null;
  attributes: Record<string, unknown>;
  owner: { id: string; key: string; name: string } | null;
  leads: number;
  openOpportunities: number;
  createdAt: Date;
}

const SELECT = `select a.id, a.name, a.domain, a.country, a.attributes, a.created_at as "createdAt",
       case when r.id is not null then jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name) end as owner,
       (select count(*)::integer from lead l where l.account_id = a.id and not l.test) as leads,
       (select count(*)::integer from opportunity o where o.account_id = a.id and o.closed_at is null) as "openOpportunities"`;
const FROM = 'from account a left join rep r on r.id = a.owner_rep_id';

/** Companies, newest first, one page from a place on; `q` is part of a name or domain. */
export async function listAccounts(tx: Queryable, q: string | undefined, limit: number, from: Place | null) {
  const { rows } = await tx.query<AccountView & { place: Place }>(
    `${SELECT}, jsonb_build_object('at', a.created_at::text, 'id', a.id) as place ${FROM}
      where ($1::text is null or a.name ilike $1 or a.domain ilike $1) and ($2::timestamptz is null or (a.created_at, a.id) < ($2::timestamptz, $3::uuid))
      order by a.created_at desc, a.id desc limit $4`,
    [q ? `%${q.replaceAll(/[\\%_]/g, '\\$&')}%` : null, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}

/** One company with its opportunities; its people are `listLeads` by `accountId`. */
export interface AccountDetail extends AccountView {
  opportunities: { id: string; state: string; owner: string | null; createdAt: string; closedAt: string | null }[];
}

/** The account of an id, or null. */
export async function readAccount(tx: Queryable, id: string): Promise<AccountDetail | null> {
  const { rows } = await tx.query<AccountDetail>(
    `${SELECT}, (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'state', o.state, 'owner', w.name, 'createdAt', ${iso('o.created_at')},
                          'closedAt', ${iso('o.closed_at')}) order by o.created_at desc, o.id desc), '[]')
                  from opportunity o left join rep w on w.id = o.owner_rep_id where o.account_id = a.id) as opportunities
       ${FROM} where a.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
