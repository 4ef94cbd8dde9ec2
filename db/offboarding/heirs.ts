import { type HandoverBy, heirOf } from '../../domain/offboarding/handover.ts';
import { ownRules } from '../../domain/routing/document.ts';
import { knows } from '../../domain/routing/choose.ts';
import type { Routed } from '../../domain/routing/route.ts';
import { standInFor } from '../../domain/routing/stand-in.ts';
import { ensurePool } from '../opportunities.ts';
import type { Queryable } from '../pool.ts';
import { chooseReps } from '../recipients.ts';
import { present, type Rep, repsWithPresence } from '../reps.ts';
import { decideRoutes } from '../routing/decisions.ts';
import { type Ask, askedWith } from '../routing/subjects.ts';
import { belongingsOf } from './belongings.ts';
import type { Running } from './running.ts';

/** Things that belong together, who gets them, and why. */
export interface Given {
  what: string;
  repId: string;
  by: HandoverBy;
  /** What the rules said, where one of them decided. */
  routed: Routed | null;
}

type People = ReadonlyMap<string, Rep & { present: boolean }>;

/** Who gets each of these companies (or leads without one) whatever the routing rules say, by `what`; absent where they or the rotation have to. */
export async function surelyHeirs(tx: Queryable, running: Running, whats: readonly string[], people: People): Promise<Map<string, Given>> {
  const standIn = standInFor(running.repId, people)?.id ?? null;
  const found = (await belongingsOf(tx, running, whats)).flatMap((one): [string, Given][] => {
    const heir = heirOf(one, { to: running.toRepId, standIn });
    return heir ? [[one.what, { what: one.what, ...heir, routed: null }]] : [];
  });
  return new Map(found);
}

/**
 * Who gets each of these companies (or leads without one), with all that belongs to them: whom `heirOf` says, else whom the routing rules say, else
 * whose turn it is. A fixed number of statements.
 */
export async function heirsFor(tx: Queryable, running: Running, whats: readonly string[]): Promise<Given[]> {
  const people = await repsWithPresence(tx);
  const sure = await surelyHeirs(tx, running, whats, people);
  const open = whats.filter((what) => !sure.has(what));
  return [...sure.values(), ...(await byRuleOrTurn(tx, running, open, people))];
}

/** SQL: somebody is in pool `p`. */
const staffed = `exists (select from pool_member x join rep r on r.id = x.rep_id where x.pool_id = p.id and ${present})`;

interface Asking extends Ask {
  what: string;
  /** Whose turn it is in where no rule holds: of what they were working on, else theirs. */
  pool: string | null;
}

async function byRuleOrTurn(tx: Queryable, running: Running, whats: readonly string[], people: People): Promise<Given[]> {
  if (whats.length === 0) return [];
  await ensurePool(tx);
  const asks = await asksOf(tx, running.repId, whats);
  const there = await whoIsThere(tx, running.firm);
  const decisions = await decideRoutes(tx, asks, there);
  const found = asks.map(({ what, pool }, n) => {
    const { routed, repId } = decisions[n]!;
    const holds = routed.rule !== ownRules.catchAll && routed.rule !== ownRules.asked;
    // Where the rep whom a rule names is away, its queue may be one where nobody is, or of another firm.
    const queues = routed.rule === ownRules.catchAll ? [pool] : [routed.to.pool, pool];
    return {
      what,
      by: holds ? (`rule ${routed.rule}` as const) : ('rotation' as const),
      routed: holds ? routed : null,
      named: repId === null ? null : (standInFor(repId, people)?.id ?? null),
      pool: queues.find((key) => key !== null && there.pools.has(key)) ?? null,
    };
  });
  const knowing = (asked: Routed): Set<string> => new Set([...people.values()].flatMap((one) => (knows(one, asked) ? one.id : [])));
  const inTurn = found.filter(({ named }) => named === null);
  const turns = await chooseReps(
    tx,
    inTurn.map(({ pool, routed }) => {
      return { leadId: null, to: { who: 'owner' }, pool, ...(routed && { among: knowing(routed) }) };
    }),
  );
  const turnOf = new Map(inTurn.map(({ what }, n) => [what, turns[n]!]));
  return found.map(({ what, by, routed, named }) => ({ what, by, routed, repId: named ?? turnOf.get(what)! }));
}

/**
 * These as the rules are to look at them: as what the one who leaves was working on was asked for; else a company as it stands, with the first of its people
 * who is not of another country.
 */
async function asksOf(tx: Queryable, repId: string, whats: readonly string[]): Promise<Asking[]> {
  const { rows } = await tx.query<Asking>(
    `select n.what, a.id as "accountId", coalesce(o.lead_id, l.id) as "leadId", coalesce(o.source, 'api') as source,
            coalesce(o.product_line, '') as "productLine", o.asked, coalesce(o.pool, (
              select p.key from pool_member m join pool p on p.id = m.pool_id where m.rep_id = $1 order by ${staffed} desc, p.id limit 1)) as pool
       from unnest($2::uuid[]) as n (what)
       left join account a on a.id = n.what
       left join lateral (
         select one.* from (
           select o.id, o.lead_id, o.source, o.product_line, o.created_at, p.key as pool, ${askedWith} as asked
             from opportunity o join pool p on p.id = o.pool_id where o.account_id = n.what and o.owner_rep_id = $1 and o.closed_at is null
           union all
           select o.id, o.lead_id, o.source, o.product_line, o.created_at, p.key, ${askedWith}
             from opportunity o join pool p on p.id = o.pool_id where o.account_id is null and o.lead_id = n.what and o.owner_rep_id = $1 and o.closed_at is null) one
          order by one.created_at, one.id limit 1) o on true
       left join lateral (
         select one.id from (
           select id, created_at from lead where id = n.what and a.id is null
           union all
           select id, created_at from lead where account_id = n.what and (country is null or a.country is null or country = a.country)) one
          order by one.created_at, one.id limit 1) l on true
      order by n.what`,
    [repId, whats],
  );
  return rows;
}

/**
 * Keys of the reps of a firm (null: ours), and of those of its pools in which somebody is: what is a partner's stays with them, no rule gives what is ours
 * away, and nothing goes where nobody would have it.
 */
async function whoIsThere(tx: Queryable, firm: string | null): Promise<{ pools: Set<string>; reps: Set<string> }> {
  const { rows } = await tx.query<{ pools: string[]; reps: string[] }>(
    `select array(select p.key from pool p where p.settings -> 'partner' ->> 'name' is not distinct from $1 and ${staffed}) as pools,
            array(select key from rep where partner is not distinct from $1) as reps`,
    [firm],
  );
  return { pools: new Set(rows[0]!.pools), reps: new Set(rows[0]!.reps) };
}
