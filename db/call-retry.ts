import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import type { Queryable } from './pool.ts';

/**
 * Somebody has a failed call made again, now and with all its attempts, under the same key. An enrolment that has gone on stays where it is; the
 * answer still gives the lead its attributes. Answers whom to poke after the commit. Throws `not_found` and `conflict`.
 */
export async function retryCall(tx: Queryable, id: string): Promise<Loop> {
  const { rows: found } = await tx.query<{ lane: string; state: string; forgotten: boolean }>(
    'select lane, state, body is null as forgotten from outgoing_call where id = $1 for no key update',
    [id],
  );
  const [call] = found;
  if (!call) throw new TendrilError('not_found', 'There is no such call');
  if (call.state !== 'failed') throw new TendrilError('conflict', `Only a call that failed can be made again; this one is ${call.state}`);
  if (call.forgotten) throw new TendrilError('conflict', 'What this call said has been forgotten since (CALLS_DAYS)');
  await tx.query(
    `with again as (
       update outgoing_call c
          set state = 'queued', attempts = 0, due_at = clock(), settled_at = null,
              awaited = c.awaited and exists (select from enrolment e where e.id = c.enrolment_id and e.state = 'active' and e.waiting = 'call:' || c.call_key)
        where id = $1
       returning lead_id, campaign_id, enrolment_id, step_id, host)
     insert into journal (kind, lead_id, campaign_id, enrolment_id, step_id, because)
     select 'call_retried', lead_id, campaign_id, enrolment_id, step_id, jsonb_build_object('host', host) from again`,
    [id],
  );
  return { kind: 'calls', lane: call.lane };
}

/** How many calls one look forgets. */
const BATCH = 5_000;

/** Forgets what was said to other systems, and what they answered, so many days after it was settled. That it was said stays. */
export async function forgetCallBodies(tx: Queryable, days: number): Promise<void> {
  await tx.query(
    `with old as (
       select id from outgoing_call where settled_at < clock() - make_interval(days => $1) and body is not null order by settled_at limit $2 for no key update skip locked)
     update outgoing_call c set body = null, excerpt = null from old where c.id = old.id`,
    [days, BATCH],
  );
}
