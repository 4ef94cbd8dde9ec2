import { writeJournal } from '../journal.ts';
import type { Queryable } from '../pool.ts';
import { hasSomething, nothingIn, whatIsLeft } from './left.ts';
import type { Running } from './running.ts';

/** No transaction of ours lives longer, real time (transaction_timeout); who does reads, and gives nobody anything. */
const LONGEST = '1 minute';

/**
 * Ends the handing over, if nothing is left: counted, table by table, when nobody is under way any more who began before the rep ceased to be active and
 * might still give them something. Answers whether it is so.
 */
export async function finishOffboarding(tx: Queryable, { id, repId, repName }: Running): Promise<boolean> {
  const { rows } = await tx.query<{ alone: boolean }>(
    `select o.doors_shut_real < clock_timestamp() - $2::interval
            or not exists (select from pg_stat_activity a
                            where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
                              and a.xact_start <= o.doors_shut_real) as alone
       from offboarding o where o.id = $1`,
    [id, LONGEST],
  );
  if (!rows[0]?.alone) return false;
  // Somebody who went away may have named them just before they ceased to be active.
  await tx.query('update rep set stand_in_rep_id = null where stand_in_rep_id = $1', [repId]);
  const left = await whatIsLeft(tx, repId);
  if (!nothingIn(left)) return false;
  await tx.query(
    `update offboarding set state = 'done', look_at = null, ended_at = clock(), error = null, result = $2 where id = $1 and state = 'running'`,
    [id, JSON.stringify(left)],
  );
  await writeJournal(tx, [{ kind: 'rep_left', leadId: null, because: { rep: repId, name: repName, offboarding: id } }]);
  return true;
}

/** Why a look failed, and when the next one comes: later each time, five minutes at most (real time, however fast the workspace's goes). */
export async function noteFailure(tx: Queryable, repKey: string, error: string): Promise<void> {
  await tx.query(
    `update offboarding o set error = $2, failures = least(failures + 1, 1000), look_at = clock() from rep r
      where r.id = o.rep_id and r.key = $1 and o.state = 'running'`,
    [repKey, error],
  );
}

/**
 * Somebody who has left was given something after all (a rule of long ago, a hand): their handing over goes on. Answers the keys of those. Cheap: asked of
 * those only who have left.
 */
export async function reopenOffboardings(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>(
    `with again as (
       select distinct on (o.rep_id) o.id, r.key from offboarding o join rep r on r.id = o.rep_id
        where not r.active and r.left_at is not null
          and not exists (select from offboarding b where b.rep_id = r.id and b.state = 'running')
          and (${hasSomething} or exists (select from task t where t.owner_rep_id = r.id and t.state = 'open'))
        order by o.rep_id, o.id desc)
     update offboarding o set state = 'running', look_at = clock(), ended_at = null, result = null, doors_shut_real = null
       from again where o.id = again.id returning again.key`,
  );
  return rows.map(({ key }) => key);
}
