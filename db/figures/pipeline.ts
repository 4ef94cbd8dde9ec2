import { type Deal, type Rest, SINGLE_DEALS } from '../../domain/figures/forecast.ts';
import type { Stage } from '../../domain/figures/stages.ts';
import type { Queryable } from '../pool.ts';
import type { Scope } from './scope.ts';

type Whose = Pick<Scope, 'poolId' | 'repId'>;

/** What stands in one stage, in one currency. */
export interface Standing {
  /** Key of the stage, or the state of what is in none yet. */
  stage: string;
  /** Null: without an amount, or without saying of what. */
  currency: string | null;
  n: number;
  amount: number;
}

/** Deals of one currency that are expected to close in one month. */
export interface Expected {
  currency: string;
  /** `2026-12`; null: nobody has said when. */
  month: string | null;
  n: number;
  greatest: Deal[];
  rest: Rest;
}

/** SQL: the key of the stage; what has been accepted and is in none that there is, is in the pipeline's first. `$1` are the pipeline's, in order. */
const stage = `case when o.state in ('queued', 'offered') then o.state when o.stage = any($1) then o.stage else ($1::text[])[1] end`;
const valued = 'o.amount > 0 and o.currency is not null';
const open = 'o.closed_at is null and not o.test and ($2::uuid is null or o.pool_id = $2) and ($3::uuid is null or o.owner_rep_id = $3)';

/** What is open today, by stage and currency. `pipeline` are the keys of its stages, in order. */
export async function readPipeline(tx: Queryable, { poolId, repId }: Whose, pipeline: readonly string[]): Promise<Standing[]> {
  const { rows } = await tx.query<Standing>(
    `select ${stage} as stage, case when ${valued} then o.currency end as currency, count(*)::int as n, sum(case when ${valued} then o.amount else 0 end)::float8 as amount
       from opportunity o where ${open} group by 1, 2 order by 1, amount desc, 2`,
    [pipeline, poolId, repId],
  );
  return rows;
}

/** What is open today and has an amount, by month of the expected close and currency: the greatest deals one by one, the others in sums. */
export async function readExpected(
  tx: Queryable,
  { poolId, repId }: Whose,
  pipeline: readonly string[],
  stages: readonly Stage[],
): Promise<Expected[]> {
  const rest = (sum: string): string => `coalesce(sum(${sum}) filter (where place > ${SINGLE_DEALS}), 0)`;
  const { rows } = await tx.query<Expected>(
    `with deal as (
       select o.currency, date_trunc('month', o.expected_close)::date as month, o.amount::float8 as a, c.p,
              row_number() over (partition by o.currency, date_trunc('month', o.expected_close)::date order by o.amount desc, o.id) as place
         from opportunity o join unnest($4::text[], $5::float8[]) as c (key, p) on c.key = ${stage}
        where ${open} and ${valued})
     select currency, to_char(month, 'YYYY-MM') as month, count(*)::int as n,
            jsonb_agg(jsonb_build_object('amount', a, 'probability', p) order by place) filter (where place <= ${SINGLE_DEALS}) as greatest,
            jsonb_build_object('mean', ${rest('p * a')}, 'variance', ${rest('p * (1 - p) * a * a')}, 'total', ${rest('a')}) as rest
       from deal group by currency, deal.month order by currency, deal.month nulls last`,
    [pipeline, poolId, repId, stages.map((one) => one.key), stages.map((one) => one.probability)],
  );
  return rows;
}
