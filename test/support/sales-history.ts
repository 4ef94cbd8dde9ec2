import type { Queryable } from '../../db/pool.ts';

/** One opportunity as it went, with what the journal keeps of it. Instants as ISO strings. */
export interface Told {
  owner?: string;
  pool?: string;
  state: 'queued' | 'offered' | 'accepted' | 'touched' | 'won' | 'lost' | 'rejected';
  created: string;
  offered?: string;
  accepted?: string;
  touched?: string;
  closed?: string;
  /** Key of another rep than the owner who accepted, or talked. */
  acceptedBy?: string;
  touchedBy?: string;
  amount?: number;
  currency?: string;
  expectedClose?: string;
  stage?: string;
  source?: 'form' | 'campaign' | 'score' | 'api';
  form?: string;
  rule?: string;
  grade?: string;
  /** Of a rejection or a loss. */
  reason?: string;
  company?: string;
  test?: boolean;
}

/** Writes what sales went through, each with a lead and an account of its own. Answers the opportunities' ids, in order. */
export async function tellSales(tx: Queryable, history: readonly Told[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `with told as materialized (
       select t.*, uuidv7() as id, uuidv7() as lead_id, uuidv7() as account_id, p.id as pool_id, r.id as rep_id, r.name as rep_name, a.id as acceptor, u.id as toucher
         from jsonb_to_recordset($1::jsonb) as t (
                owner text, pool text, state text, created timestamptz, offered timestamptz, accepted timestamptz, touched timestamptz, closed timestamptz, "acceptedBy" text,
                "touchedBy" text, amount numeric, currency text, "expectedClose" date, stage text, source text, form text, rule text, grade text, reason text, company text, test boolean, n bigint)
         join pool p on p.key = coalesce(t.pool, 'sales') left join rep r on r.key = t.owner left join rep a on a.key = coalesce(t."acceptedBy", t.owner)
         left join rep u on u.key = coalesce(t."touchedBy", t.owner)),
     accounts as (insert into account (id, name) select account_id, coalesce(company, 'Firm ' || n) from told),
     leads as (
       insert into lead (id, email, account_id, test) select lead_id, 'l' || n || '-' || left(lead_id::text, 13) || '@visitor.example', account_id, coalesce(test, false) from told),
     opened as (
       insert into opportunity (id, lead_id, account_id, pool_id, owner_rep_id, state, source, created_at, offered_at, accepted_at, touched_at, closed_at, next_look_at,
                                amount, currency, expected_close, stage, rule, grade, because, rejected_reason, outcome_reason, test)
       select id, lead_id, account_id, pool_id, rep_id, state, coalesce(source, 'api'), created, offered, accepted, touched, closed, case when closed is null then created + interval '90 days' end,
              amount, currency, "expectedClose", stage, rule, grade, case when form is not null then jsonb_build_object('form', form) else '{}' end,
              case when state = 'rejected' then reason end, case when state = 'lost' then reason end, coalesce(test, false)
         from told),
     people as (insert into opportunity_lead (opportunity_id, lead_id) select id, lead_id from told),
     journalled as (
       insert into journal (at, kind, lead_id, opportunity_id, because)
       select accepted, 'opportunity_accepted', lead_id, id, jsonb_build_object('rep', acceptor) from told where accepted is not null
       union all select touched + interval '5 microseconds', 'opportunity_touched', lead_id, id, jsonb_build_object('rep', toucher) from told where touched is not null
       union all select closed, 'opportunity_rejected', lead_id, id, jsonb_build_object('rep', rep_id, 'reason', reason) from told where state = 'rejected'
       union all select closed, 'opportunity_' || state, lead_id, id, jsonb_build_object('reason', reason) from told where state in ('won', 'lost'))
     select id from told order by n`,
    [JSON.stringify(history.map((one, n) => ({ ...one, n })))],
  );
  return rows.map((row) => row.id);
}
