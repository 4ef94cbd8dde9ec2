import { type Loop, loopsAfter } from '../domain/loops.ts';
import type { Queryable } from './pool.ts';
import { RUN_ID, type Woken } from './wakes.ts';

/** What an entry names a thing by: `{ occasion: hannover-2026 }`, `{ contract: C-1001 }`. */
export type Naming = Record<string, string>;

/**
 * Something about these things changed: every active enrolment that one of them brought in is looked at again. The loaders of their dates lock
 * the rows they read (db/step-facts/dates.ts), so an enrolment either sees the change or is woken by it. Answers the loops to poke.
 */
export async function wakeNaming(tx: Queryable, things: readonly Naming[]): Promise<Loop[]> {
  if (things.length === 0) return [];
  const { rows } = await tx.query<Woken & { ranges: number }>(
    `with named as materialized (
       select distinct e.campaign_id, e.slot, e.id, ${RUN_ID} from unnest($1::jsonb[]) as t (thing) join enrolment e on e.entry @> t.thing
        where e.state = 'active' and e.entry ?| array['occasion', 'quote', 'order', 'contract', 'case']),
     woken as (insert into wake (campaign_id, slot, enrolment_id) select campaign_id, slot, id from named order by id)
     select distinct campaign_id as "campaignId", slot, run_id as "runId", ranges from named, workspace`,
    [things.map((thing) => JSON.stringify(thing))],
  );
  return rows.length === 0 ? [] : loopsAfter(rows[0]!.ranges, [], rows);
}
