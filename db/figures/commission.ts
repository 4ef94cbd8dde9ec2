import type { Answered } from '../../domain/figures/commission.ts';
import type { Period } from '../../domain/figures/period.ts';
import type { Queryable } from '../pool.ts';

/** A deal that was won, and who answered for it on the way. */
export interface WonDeal {
  id: string;
  account: string | null;
  /** In hundredths; null: won without one. */
  cents: number | null;
  currency: string | null;
  closedAt: Date;
  touchedAt: Date | null;
  /** Who had it in the end: an id. */
  owner: string | null;
  answered: Answered[];
}

const CHUNK = 1_000;

/** What was won in a period, in the order it was won, a thousand at a time; with what the journal knows of who accepted, got and talked, oldest first. */
export async function* wonDeals(tx: Queryable, { from, to }: Period): AsyncGenerator<WonDeal[]> {
  let after: { at: string; id: string } | undefined;
  do {
    const { rows } = await tx.query<WonDeal & { place: string }>(
      `with won as materialized (
         select o.* from opportunity o
          where o.closed_at >= $1 and o.closed_at < $2 and o.state = 'won' and not o.test and ($3::timestamptz is null or (o.closed_at, o.id) > ($3, $4::uuid))
          order by o.closed_at, o.id limit ${CHUNK})
       select w.id, coalesce(a.name, a.domain, l.company) as account, (w.amount * 100)::float8 as cents, w.currency, w.closed_at as "closedAt", w.touched_at as "touchedAt",
              w.owner_rep_id as owner, coalesce(j.answered, '[]') as answered, w.closed_at::text as place
         from won w join lead l on l.id = w.lead_id left join account a on a.id = w.account_id
         left join lateral (
           select jsonb_agg(jsonb_build_object('kind', substr(j.kind, 13), 'at', extract(epoch from j.at) * 1000, 'rep', j.because ->> 'rep') order by j.at, j.id) as answered
             from journal j
            where j.opportunity_id = w.id and j.at >= w.created_at and j.at <= w.closed_at and j.kind in ('opportunity_accepted', 'opportunity_handed_over', 'opportunity_touched')) j on true
        order by w.closed_at, w.id`,
      [from, to, after?.at ?? null, after?.id ?? null],
    );
    if (rows.length > 0) yield rows;
    const last = rows.length === CHUNK ? rows.at(-1) : undefined;
    after = last && { at: last.place, id: last.id };
  } while (after);
}
