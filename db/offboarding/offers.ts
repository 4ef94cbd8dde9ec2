import type { Queryable } from '../pool.ts';
import { releaseOffers } from '../queue.ts';
import { repsWithPresence } from '../reps.ts';
import { reroute } from '../routing/reroute.ts';
import { surelyHeirs } from './heirs.ts';
import type { Running } from './running.ts';

/**
 * What is offered to them goes back to its queue, first in line, for whoever has got what belongs with it, or gets it whatever the rules say; else where the
 * rules say. So does what waits for them by name; what they were asked for too is somebody else's alone. Answers which opportunities, to poke.
 */
export async function letGoOfOffers(tx: Queryable, running: Running): Promise<string[]> {
  const released = await releaseOffers(tx, running.repId);
  const { rows } = await tx.query<{ id: string }>(
    `with asked as materialized (
       select id from opportunity where asked_rep_id = $1 and closed_at is null order by id for no key update)
     update opportunity o set asked_rep_id = null, next_look_at = case when state = 'queued' then clock() else next_look_at end
       from asked where o.id = asked.id returning o.id`,
    [running.repId],
  );
  const free = [...new Set([...released, ...rows.map(({ id }) => id)])];
  if (free.length > 0) await giveQueued(tx, running, free);
  return free;
}

async function giveQueued(tx: Queryable, running: Running, ids: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ id: string; what: string }>(
    `select id, coalesce(account_id, lead_id) as what from opportunity where id = any($1::uuid[]) and state = 'queued' order by id`,
    [ids],
  );
  const heirs = await surelyHeirs(tx, running, [...new Set(rows.map(({ what }) => what))], await repsWithPresence(tx));
  const known = rows.filter(({ what }) => heirs.has(what));
  await tx.query(
    `update opportunity o set asked_rep_id = h.rep_id from unnest($1::uuid[], $2::uuid[]) as h (id, rep_id) where o.id = h.id and o.state = 'queued'`,
    [known.map(({ id }) => id), known.map(({ what }) => heirs.get(what)!.repId)],
  );
  await reroute(
    tx,
    rows.filter(({ what }) => !heirs.has(what)).map(({ id }) => id),
  );
}
