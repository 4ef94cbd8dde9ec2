import type { Awaited } from '../../domain/figures/times.ts';
import type { Queryable } from '../pool.ts';
import type { Scope } from './scope.ts';

interface Row extends Pick<Awaited, 'rep' | 'pool' | 'grade' | 'source'> {
  what: 'accept' | 'touch';
  /** Seconds since the period began, four bytes each: since when and until when, in turn. */
  answered: Buffer | null;
  waiting: Buffer | null;
}

/** SQL: that a line of the journal may be about these answers at all: none is read that came after the last of them. */
const between = (answer: string): string => `j.at >= $1 and j.at <= (select max(${answer}) from opened) + interval '1 millisecond'`;
/** SQL: that it is the line of this answer. Some instants are kept to the millisecond alone. */
const same = (answer: string): string => `date_trunc('milliseconds', j.at) = date_trunc('milliseconds', o.${answer})`;
const seconds = (at: string): string => `int4send(date_part('epoch', ${at} - $1)::int4)`;

/** What was awaited, by what it was. */
export interface Answers {
  accepts: Awaited[];
  touches: Awaited[];
}

const SLICE = 31 * 86_400_000;

/**
 * What sales was asked in a period, and when it answered. An acceptance is waited for since the offer to whoever accepted, the first talk since the lead was
 * handed over. `rep` is the id of who answered, by the journal; who talked without a name is whoever had accepted it. What was turned down or closed without
 * the answer is not waited for any more, and in neither. A month at a time, so that a year is no long statement.
 */
export async function readAnswers(tx: Queryable, scope: Scope): Promise<Answers> {
  const found: Answers = { accepts: [], touches: [] };
  for (let from = scope.from; from < scope.to; from = new Date(from.getTime() + SLICE)) {
    const to = new Date(Math.min(from.getTime() + SLICE, scope.to.getTime()));
    for (const row of await readSlice(tx, { ...scope, from, to }))
      found[row.what === 'accept' ? 'accepts' : 'touches'].push(unpacked(row, from.getTime()));
  }
  return found;
}

async function readSlice(tx: Queryable, { from, to, poolId, repId }: Scope): Promise<Row[]> {
  const { rows } = await tx.query<Row>(
    `with opened as materialized (
       select o.id, p.key as pool, coalesce(o.grade, case when o.vip then 'vip' end, s.fit) as grade, o.source, o.state, o.owner_rep_id::text as owner, o.created_at, o.offered_at,
              case when o.state <> 'queued' and o.accepted_at >= o.offered_at then o.accepted_at end as accepted_at, o.touched_at
         from opportunity o join pool p on p.id = o.pool_id left join lead_score s on s.lead_id = o.lead_id
        where o.created_at >= $1 and o.created_at < $2 and not o.test and ($3::uuid is null or o.pool_id = $3)),
     o as materialized (
       select o.*, j.because ->> 'rep' as acceptor
         from opened o left join journal j on j.kind = 'opportunity_accepted' and ${between('accepted_at')} and ${same('accepted_at')} and j.opportunity_id = o.id),
     awaited as (
       select 'accept' as what, coalesce(acceptor, owner) as rep, pool, grade, source, coalesce(offered_at, created_at) as since, accepted_at as at
         from o where accepted_at is not null or state = 'offered'
       union all
       select 'accept', null, pool, grade, source, created_at, null from o where state = 'queued'
       union all
       select 'touch', coalesce(j.because ->> 'rep', case when o.touched_at >= o.accepted_at then o.acceptor end, o.owner), o.pool, o.grade, o.source, o.created_at,
              case when o.touched_at is not null then greatest(o.touched_at, o.created_at) end
         from o left join journal j on j.kind = 'opportunity_touched' and ${between('touched_at')} and ${same('touched_at')} and j.opportunity_id = o.id
        where o.touched_at is not null or o.state in ('queued', 'offered', 'accepted'))
     select what, rep, pool, grade, source, string_agg(${seconds('since')} || ${seconds('at')}, '') filter (where at is not null) as answered,
            string_agg(${seconds('since')}, '') filter (where at is null) as waiting
       from awaited where $4::text is null or rep = $4 group by what, rep, pool, grade, source`,
    [from, to, poolId, repId],
  );
  return rows;
}

function unpacked({ rep, pool, grade, source, answered, waiting }: Row, start: number): Awaited {
  const instants = (packed: Buffer | null): number[] =>
    packed === null ? [] : Array.from({ length: packed.length / 4 }, (_, n) => start + packed.readInt32BE(4 * n) * 1_000);
  const both = instants(answered);
  return {
    rep,
    pool,
    grade,
    source,
    answered: Array.from({ length: both.length / 2 }, (_, n) => [both[2 * n]!, both[2 * n + 1]!] as const),
    waiting: instants(waiting),
  };
}
