import type { Loop } from '../domain/loops.ts';
import { TendrilError } from '../domain/errors.ts';
import { type Talk, touch } from './answers.ts';
import type { Queryable } from './pool.ts';
import { type Rep, repsById } from './reps.ts';

/** A talk that was seen, not told: null where it was closed or given away meanwhile, so that there is nothing left to touch. */
export async function touchSeen(tx: Queryable, id: string, rep: Pick<Rep, 'id' | 'key' | 'name'>, talk: Talk): Promise<Loop[] | null> {
  try {
    return await touch(tx, id, rep, talk);
  } catch (error) {
    if (error instanceof TendrilError && error.code === 'conflict') return null;
    throw error;
  }
}

/**
 * Mails of sequences have left: each counts as the first talk of what its rep has accepted from that lead, and not yet talked about. Later mails change
 * nothing: an outcome is asked for anew only when somebody says that they have talked. Answers the loops to poke.
 */
export async function touchBySequence(tx: Queryable, sendIds: readonly string[]): Promise<Loop[]> {
  if (sendIds.length === 0) return [];
  const { rows } = await tx.query<{ id: string; repId: string }>(
    `select distinct o.id, o.owner_rep_id as "repId"
       from send s join opportunity_lead ol on ol.lead_id = s.lead_id join opportunity o on o.id = ol.opportunity_id and o.owner_rep_id = s.rep_id
      where s.id = any($1::uuid[]) and s.class = 'personal' and s.state = 'accepted' and o.state = 'accepted' order by o.id`,
    [sendIds],
  );
  const reps = await repsById(
    tx,
    rows.map(({ repId }) => repId),
  );
  const loops: Loop[] = [];
  for (const { id, repId } of rows) loops.push(...((await touchSeen(tx, id, reps.get(repId)!, { how: 'sequence' })) ?? []));
  return loops;
}
