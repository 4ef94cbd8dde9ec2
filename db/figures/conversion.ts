import type { Queryable } from '../pool.ts';
import type { Scope } from './scope.ts';

/** How far opportunities came; each number counts those that the one before it counts, too. */
export interface Funnel {
  opened: number;
  accepted: number;
  touched: number;
  won: number;
  /** Undecided yet. */
  open: number;
}

export type Origin = 'rule' | 'source' | 'campaign' | 'form';

export interface OriginFunnel extends Funnel {
  by: 'all' | Origin;
  /** Key of the rule, campaign or form, or the source; null: it came by none. */
  of: string | null;
  /** The campaign's. */
  name: string | null;
}

/** How far came what was opened in a period: all of it, and by where it came from. */
export async function readFunnels(tx: Queryable, { from, to, poolId, repId }: Scope): Promise<OriginFunnel[]> {
  const { rows } = await tx.query<OriginFunnel>(
    `with opened as (
       select o.rule, o.source, e.campaign_id, case when o.source = 'form' then o.because ->> 'form' end as form, o.closed_at is null as open,
              o.accepted_at is not null or o.touched_at is not null or o.state = 'won' as accepted, o.touched_at is not null or o.state = 'won' as touched, o.state = 'won' as won
         from opportunity o left join enrolment e on e.id = o.enrolment_id
        where o.created_at >= $1 and o.created_at < $2 and not o.test and ($3::uuid is null or o.pool_id = $3) and ($4::uuid is null or o.owner_rep_id = $4)),
     counted as (
       select case grouping(rule, source, campaign_id, form) when 7 then 'rule' when 11 then 'source' when 13 then 'campaign' when 14 then 'form' else 'all' end as by,
              rule, source, campaign_id, form, count(*)::int as opened, count(*) filter (where accepted)::int as accepted,
              count(*) filter (where touched)::int as touched, count(*) filter (where won)::int as won, count(*) filter (where open)::int as open
         from opened group by grouping sets ((), (rule), (source), (campaign_id), (form)))
     select c.by, coalesce(c.rule, c.source, m.key, c.form) as of, m.name, c.opened, c.accepted, c.touched, c.won, c.open
       from counted c left join campaign m on m.id = c.campaign_id order by c.opened desc, 2`,
    [from, to, poolId, repId],
  );
  return rows;
}
