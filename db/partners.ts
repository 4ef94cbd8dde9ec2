import { plus } from '../domain/calendar/duration.ts';
import { TendrilError } from '../domain/errors.ts';
import { deliveryOf, type Loop } from '../domain/loops.ts';
import { poolSettings, type PoolSettings } from '../domain/routing/pool.ts';
import { answer, mustBe } from './answering.ts';
import { endBreaches } from './breaches.ts';
import { writeJournal } from './journal.ts';
import { type GivenBack, type Returned, tellOfReturn, type WhyBack } from './partner-mails.ts';
import type { Queryable } from './pool.ts';
import type { Rep } from './reps.ts';
import { loadSla } from './sla.ts';

/**
 * What is passed to a partner firm stands in the queue of the firm's pool, and is offered to its people like any other lead. Until one of them
 * accepts it a clock runs; when it has run out, or nobody of the firm wants it, it comes back to the pool it came from.
 */

/** The pool that gets what nobody passed to the partner by hand: the qualification standard's, else the oldest of our own. */
const home = `(select p.id from pool p where not p.settings ? 'partner'
  order by (p.key is not distinct from (select body ->> 'pool' from document where kind = 'standard' and key = 'default' order by version desc limit 1)) desc, p.id limit 1)`;

/** Of those that stand in a partner's queue, the clock of each begins that has none yet. */
export async function startReturnClock(tx: Queryable, ids: readonly string[], returnAt: Date): Promise<void> {
  await tx.query(
    `update opportunity set return_at = $2, returns_to_pool = coalesce(returns_to_pool, ${home}) where id = any($1::uuid[]) and return_at is null and state = 'queued'`,
    [ids, returnAt],
  );
}

/**
 * Puts them back into the queue they came from, first in line, whoever had them there before; journals it, and tells the managers. Those that a rep has
 * accepted meanwhile stay, unless they are given back (`by` somebody); so do those that have nowhere to go. Answers which came back, and the lanes to poke.
 */
export async function giveBack(
  tx: Queryable,
  ids: readonly string[],
  why: WhyBack,
  by: (GivenBack & { key: string }) | null = null,
): Promise<{ ids: string[]; lanes: string[] }> {
  if (ids.length === 0) return { ids: [], lanes: [] };
  const { rows } = await tx.query<Returned>(
    `with returned as (
       update opportunity o
          set pool_id = t.id, state = 'queued', owner_rep_id = null, asked_rep_id = null, epoch = o.epoch + 1, rung = 0, rung_due_at = null, urgent = true,
              counted_rep_id = null, held_since = null, held_until = null, returns_to_pool = null, return_at = null, next_look_at = clock(),
              snoozed_until = null, wall_rung = case when o.state in ('queued', 'offered') then o.wall_rung else 0 end,
              ladder_since = case when o.state = 'queued' then o.ladder_since when o.state = 'offered' then coalesce(o.ladder_since, o.offered_at) end
         from pool t, pool f
        where o.id = any($1::uuid[]) and (o.state in ('queued', 'offered') or ($2 = 'given_back' and o.state in ('accepted', 'touched'))) and t.id = coalesce(o.returns_to_pool, ${home}) and t.id <> o.pool_id and f.id = o.pool_id and f.settings ? 'partner'
       returning o.id, o.lead_id, o.epoch, o.test, t.key as "to", t.name, f.key as "from", f.settings -> 'partner' ->> 'name' as partner),
     noted as (
       insert into journal (kind, lead_id, opportunity_id, because)
       select 'partner_returned', lead_id, id, jsonb_build_object('pool', "to", 'from', "from", 'partner', partner, 'why', $2::text) || $3 from returned order by id)
     select id, epoch, test, coalesce(partner, "from") as partner, name as pool from returned order by id`,
    [ids, why, JSON.stringify(by ? { by: by.key, ...(by.note && { note: by.note }) } : {})],
  );
  return { ids: rows.map(({ id }) => id), lanes: await tellOfReturn(tx, rows, why, by) };
}

/** A partner gives back what was passed to them, whatever has become of it. Throws `not_found`, `conflict`. */
export async function returnToUs(tx: Queryable, id: string, by: Pick<Rep, 'key' | 'name'>, note: string | null): Promise<Loop[]> {
  const told: string[] = [];
  await answer(tx, id, { event: null, move: null, rep: null }, async (standing) => {
    mustBe(standing, ['queued', 'offered', 'accepted', 'touched']);
    const { ids, lanes } = await giveBack(tx, [id], 'given_back', { key: by.key, name: by.name, note });
    told.push(...lanes);
    if (ids.length === 0) throw new TendrilError('conflict', 'This was not passed to a partner: reject it with a reason instead');
    if (standing.breachedAt) await endBreaches(tx, id);
    return null;
  });
  return [{ kind: 'qualification', opportunityId: id }, ...deliveryOf(told)];
}

/** Under the opportunity's lock. What is passed on from partner to partner comes back to the first of our own pools. */
async function moveToPool(
  tx: Queryable,
  { id, poolId }: { id: string; poolId: string },
  to: { id: string; returnAt: Date | null },
): Promise<void> {
  await tx.query(
    `update opportunity
        set pool_id = $2, state = 'queued', owner_rep_id = null, asked_rep_id = null, epoch = epoch + 1, rung = 0, rung_due_at = null, snoozed_until = null,
            wall_rung = case when state in ('queued', 'offered') then wall_rung else 0 end,
            ladder_since = case when state = 'queued' then ladder_since when state = 'offered' then coalesce(ladder_since, offered_at) end,
            counted_rep_id = null, held_since = null, held_until = null, urgent = true, next_look_at = clock(),
            returns_to_pool = case when $3::timestamptz is not null then coalesce(returns_to_pool, $4::uuid) end, return_at = $3
      where id = $1`,
    [id, to.id, to.returnAt, poolId],
  );
}

/** A pool that something may be passed to. */
export interface Target {
  id: string;
  key: string;
  settings: PoolSettings;
}

/** The pool of this key, or null. */
export async function findPool(tx: Queryable, key: string): Promise<Target | null> {
  const { rows } = await tx.query<Target & { settings: unknown }>('select id, key, settings from pool where key = $1', [key]);
  return rows[0] ? { ...rows[0], settings: poolSettings.parse(rows[0].settings) } : null;
}

/**
 * Passes an open opportunity to another pool by hand; to a partner's until they accept it, or until it comes back. Links of earlier mails are
 * worth nothing from here on. Throws `not_found`, `conflict`.
 */
export async function passToPool(tx: Queryable, id: string, to: Target, by: string): Promise<Loop[]> {
  await answer(tx, id, { event: null, move: null, rep: null }, async (standing) => {
    mustBe(standing, ['queued', 'offered', 'accepted', 'touched']);
    if (standing.poolId === to.id) throw new TendrilError('conflict', `It is in the pool '${to.key}' already`);
    const { partner } = to.settings;
    const { office } = await loadSla(tx);
    const returnAt = partner ? plus(standing.now, partner.returnAfter, office.zone, office) : null;
    await moveToPool(tx, standing, { id: to.id, returnAt });
    if (standing.breachedAt) await endBreaches(tx, id);
    const until = partner && { partner: partner.name, until: returnAt!.toISOString() };
    const because = {
      from: standing.poolKey,
      pool: to.key,
      state: standing.state,
      by,
      ...(standing.ownerKey && { rep: standing.ownerKey }),
      ...until,
    };
    await writeJournal(tx, [{ kind: 'pool_changed', leadId: standing.leadId, opportunityId: id, because }]);
    return null;
  });
  return [{ kind: 'qualification', opportunityId: id }];
}
