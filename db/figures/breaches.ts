import type { Queryable } from '../pool.ts';
import type { Scope } from './scope.ts';

/** Broken promises of one rep: which, and how many; those that turned out to have been kept are not among them. */
export interface BrokenBy {
  /** Null: a submission that nobody had. */
  rep: string | null;
  name: string | null;
  offered: number;
  accepted: number;
  touched: number;
  review: number;
  /** Still broken: nobody has done what is awaited. */
  standing: number;
}

/** The promises that were broken in a period, by whose they were, most first. */
export async function readBroken(tx: Queryable, { from, to, poolId, repId }: Scope): Promise<BrokenBy[]> {
  const states = ['offered', 'accepted', 'touched', 'review'].map(
    (state) => `count(*) filter (where b.state = '${state}')::int as ${state}`,
  );
  const { rows } = await tx.query<BrokenBy>(
    `with broken as (
       select b.rep_id, ${states.join(', ')}, count(*) filter (where b.ended_at is null)::int as standing from breach b
        where b.due_at >= $1 and b.due_at < $2 and b.withdrawn_at is null and not b.test and ($3::uuid is null or b.pool_id = $3) and ($4::uuid is null or b.rep_id = $4)
        group by 1)
     select r.key as rep, r.name, b.offered, b.accepted, b.touched, b.review, b.standing from broken b left join rep r on r.id = b.rep_id
      order by b.offered + b.accepted + b.touched + b.review desc, r.key`,
    [from, to, poolId, repId],
  );
  return rows;
}
