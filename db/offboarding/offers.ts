import type { Queryable } from '../pool.ts';
import { releaseOffers } from '../queue.ts';
import type { Running } from './pass-on.ts';

/**
 * What is offered to them goes back to its queue, first in line (for whoever is to have everything, where somebody is); what they were asked for too is
 * somebody else's alone. Answers which opportunities, to poke.
 */
export async function letGoOfOffers(tx: Queryable, { repId, toRepId }: Running): Promise<string[]> {
  const released = await releaseOffers(tx, repId);
  const { rows } = await tx.query<{ id: string }>(
    `with asked as materialized (
       select id from opportunity where asked_rep_id = $1 and closed_at is null order by id for no key update)
     update opportunity o set asked_rep_id = null, next_look_at = case when state = 'queued' then clock() else next_look_at end
       from asked where o.id = asked.id returning o.id`,
    [repId],
  );
  const free = [...released, ...rows.map(({ id }) => id)];
  if (toRepId) await tx.query(`update opportunity set asked_rep_id = $2 where id = any($1) and state = 'queued'`, [free, toRepId]);
  return free;
}
