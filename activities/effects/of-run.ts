import type { ReadyEnrolment } from '../../db/enrolments.ts';
import type { Queryable } from '../../db/pool.ts';
import { repsById } from '../../db/reps.ts';
import type { Recipient } from '../../domain/tasks/recipient.ts';

/** In a run of a sequence `owner` is the rep who writes it: answers who is meant, for each of a batch. Asks nothing where there is no run. */
export async function whoIsMeant<To extends Recipient | { address: string }>(
  tx: Queryable,
  asked: readonly { to: To; enrolment: Pick<ReadyEnrolment, 'repId'> }[],
): Promise<(To | Recipient)[]> {
  const ids = asked.flatMap(({ to, enrolment }) => ('who' in to && to.who === 'owner' && enrolment.repId ? [enrolment.repId] : []));
  if (ids.length === 0) return asked.map(({ to }) => to);
  const reps = await repsById(tx, ids);
  return asked.map(({ to, enrolment: { repId } }) => {
    const rep = 'who' in to && to.who === 'owner' && repId ? reps.get(repId) : undefined;
    return rep?.active ? { who: 'rep', key: rep.key } : to;
  });
}
