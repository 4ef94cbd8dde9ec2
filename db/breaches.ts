import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

export const promises = ['offered', 'accepted', 'touched', 'review'] as const;
export type Promised = (typeof promises)[number];

export interface NewBreach {
  opportunityId: string;
  state: Exclude<Promised, 'review'>;
  epoch: number;
  repId: string;
  poolId: string;
  grade: string | null;
  /** Since when the clock ran, and when the promise was broken. */
  since: Date;
  dueAt: Date;
  test: boolean;
}

/** Records a broken promise, once for each. */
export async function recordBreach(tx: Queryable, breach: NewBreach): Promise<void> {
  await tx.query(
    `insert into breach (opportunity_id, state, epoch, rep_id, pool_id, grade, since, due_at, test) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (opportunity_id, state, epoch) where opportunity_id is not null do nothing`,
    [breach.opportunityId, breach.state, breach.epoch, breach.repId, breach.poolId, breach.grade, breach.since, breach.dueAt, breach.test],
  );
}

/** What was awaited has been done. */
export async function endBreaches(tx: Queryable, opportunityId: string): Promise<void> {
  await tx.query('update breach set ended_at = clock() where opportunity_id = $1 and ended_at is null', [opportunityId]);
}

/**
 * It turns out that they had talked at `at`, though nobody told us then. Promises to talk that were broken later than that were kept: they are
 * withdrawn, and the opportunity is no longer marked where none is left. Those broken before it ended then. Answers how many were withdrawn.
 */
export async function withdrawBreaches(tx: Queryable, opportunityId: string, at: Date): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `with told as (
       update breach set ended_at = greatest($2, since), withdrawn_at = case when due_at >= $2 then clock() end
        where opportunity_id = $1 and state in ('accepted', 'touched') and since <= $2 and withdrawn_at is null and (ended_at is null or ended_at > $2)
       returning id, withdrawn_at),
     cleared as (
       update opportunity set breached_at = null
        where id = $1 and exists (select from told where withdrawn_at is not null)
          and not exists (select from breach b where b.opportunity_id = $1 and b.withdrawn_at is null
                             and b.id not in (select id from told where withdrawn_at is not null)))
     select count(*)::int as n from told where withdrawn_at is not null`,
    [opportunityId, at],
  );
  return rows[0]!.n;
}

/** A broken promise as it is read. */
export interface BreachView {
  id: string;
  promise: Promised;
  opportunityId: string | null;
  submissionId: string | null;
  rep: { key: string; name: string } | null;
  pool: string | null;
  grade: string | null;
  since: Date;
  dueAt: Date;
  /** When what was awaited was done; null: not yet. */
  endedAt: Date | null;
  withdrawnAt: Date | null;
  /** How long it was, or is by now, past its due instant, by the wall clock, ms. */
  lateMs: number;
  test: boolean;
}

export interface BreachFilter {
  /** Broken at or after, and before. */
  from?: Date;
  to?: Date;
  /** Keys. */
  rep?: string;
  pool?: string;
  promise?: Promised;
  /** Only those not yet ended, or only ended ones. */
  open?: boolean;
  /** Those that turned out to have been kept, too. */
  withdrawn: boolean;
  test: 'exclude' | 'include' | 'only';
}

/** One page of broken promises, the latest first. */
export async function listBreaches(tx: Queryable, filter: BreachFilter, limit: number, after: Place | null) {
  const { rows } = await tx.query<BreachView & { place: Place }>(
    `select b.id, b.state as promise, b.opportunity_id as "opportunityId", b.submission_id as "submissionId",
            case when r.id is not null then jsonb_build_object('key', r.key, 'name', r.name) end as rep, p.key as pool, b.grade, b.since,
            b.due_at as "dueAt", b.ended_at as "endedAt", b.withdrawn_at as "withdrawnAt",
            (extract(epoch from greatest(coalesce(b.ended_at, clock()), b.due_at) - b.due_at) * 1000)::float8 as "lateMs", b.test,
            jsonb_build_object('at', b.due_at::text, 'id', b.id) as place
       from breach b left join rep r on r.id = b.rep_id left join pool p on p.id = b.pool_id
      where ($1::timestamptz is null or b.due_at >= $1) and ($2::timestamptz is null or b.due_at < $2)
        and ($3::text is null or b.rep_id = (select id from rep where key = $3)) and ($4::text is null or b.pool_id = (select id from pool where key = $4))
        and ($5::text is null or b.state = $5) and ($6::boolean is null or (b.ended_at is null) = $6)
        and ($7 or b.withdrawn_at is null) and ($8 = 'include' or b.test = ($8 = 'only'))
        and ($9::timestamptz is null or (b.due_at, b.id) < ($9, $10::uuid))
      order by b.due_at desc, b.id desc limit $11`,
    [
      filter.from ?? null,
      filter.to ?? null,
      filter.rep ?? null,
      filter.pool ?? null,
      filter.promise ?? null,
      filter.open ?? null,
      filter.withdrawn,
      filter.test,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
    ],
  );
  return cutPage(rows, limit);
}
