import { writeJournal } from '../journal.ts';
import type { Queryable } from '../pool.ts';
import { passedOn } from '../queue.ts';
import { decideRoutes } from './decisions.ts';
import type { Ask } from './subjects.ts';

/**
 * Routes an opportunity anew, without those who have passed it on; under its lock, once it is back in the queue. What it was asked for with stays: the
 * pool, the product line.
 */
export async function reroute(tx: Queryable, opportunityId: string): Promise<void> {
  const passed = [...((await passedOn(tx, [opportunityId])).get(opportunityId)?.keys() ?? [])];
  const { rows } = await tx.query<Ask & { without: string[] }>(
    `select o.lead_id as "leadId", o.source, o.product_line as "productLine",
            case when o.routing is not null then o.routing ->> 'asked' when o.source <> 'score' then p.key end as asked,
            array(select r.key from rep r where r.id = any($2)) as without
       from opportunity o join pool p on p.id = o.pool_id where o.id = $1 and o.returns_to_pool is null`,
    [opportunityId, passed],
  );
  if (!rows[0]) return;
  const { without, ...ask } = rows[0];
  const [decision] = await decideRoutes(tx, [ask], new Set(without));
  const { routed, poolId, repId } = decision!;
  await tx.query(`update opportunity set pool_id = $2, asked_rep_id = $3, rule = $4, routing = $5 where id = $1 and state = 'queued'`, [
    opportunityId,
    poolId,
    repId,
    routed.rule,
    JSON.stringify(routed),
  ]);
  await writeJournal(tx, [{ kind: 'rerouted', leadId: ask.leadId, opportunityId, because: { routing: routed } }]);
}
