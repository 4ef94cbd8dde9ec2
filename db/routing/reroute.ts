import { writeJournal } from '../journal.ts';
import type { Queryable } from '../pool.ts';
import { passedOn } from '../queue.ts';
import { decideRoutes } from './decisions.ts';
import { type Ask, askedWith } from './subjects.ts';

interface Queued extends Ask {
  id: string;
  leadId: string;
}

/**
 * Routes opportunities anew, each without those who have passed it on; under their locks, once they are back in the queue. What they were asked for with
 * stays: the pool, the product line. What was passed to a partner stays with them. A fixed number of statements.
 */
export async function reroute(tx: Queryable, opportunityIds: readonly string[]): Promise<void> {
  const passed = await passedOn(tx, opportunityIds);
  const { rows } = await tx.query<Queued>(
    `select o.id, o.lead_id as "leadId", o.source, o.product_line as "productLine", ${askedWith} as asked
       from opportunity o join pool p on p.id = o.pool_id
      where o.id = any($1::uuid[]) and o.state = 'queued' and o.returns_to_pool is null order by o.id`,
    [opportunityIds],
  );
  if (rows.length === 0) return;
  const keys = await keysOf(
    tx,
    [...passed.values()].flatMap((reps) => [...reps.keys()]),
  );
  const without = (id: string): Set<string> => new Set([...(passed.get(id)?.keys() ?? [])].flatMap((rep) => keys.get(rep) ?? []));
  const decisions = await decideRoutes(
    tx,
    rows.map((one) => ({ ...one, without: without(one.id) })),
  );
  await tx.query(
    `update opportunity o
        set pool_id = d.pool_id, asked_rep_id = d.rep_id, rule = d.rule, routing = d.routing,
            held_since = case when o.pool_id = d.pool_id then o.held_since end, held_until = case when o.pool_id = d.pool_id then o.held_until end
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[]) as d (id, pool_id, rep_id, rule, routing)
      where o.id = d.id`,
    [
      rows.map(({ id }) => id),
      decisions.map(({ poolId }) => poolId),
      decisions.map(({ repId }) => repId),
      decisions.map(({ routed }) => routed.rule),
      decisions.map(({ routed }) => JSON.stringify(routed)),
    ],
  );
  await writeJournal(
    tx,
    rows.map(({ id, leadId }, n) => ({ kind: 'rerouted', leadId, opportunityId: id, because: { routing: decisions[n]!.routed } })),
  );
}

async function keysOf(tx: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ id: string; key: string }>('select id, key from rep where id = any($1::uuid[])', [ids]);
  return new Map(rows.map(({ id, key }) => [id, key]));
}
