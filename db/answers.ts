import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import { answer, type Answerer, ladderOf, mustBe, mustBeAskedOf } from './answering.ts';
import { withdrawBreaches } from './breaches.ts';
import { writeJournal } from './journal.ts';
import { fieldsTold, noteAccounts } from './lead-changes.ts';
import { loadPipeline } from './pipeline.ts';
import type { Queryable } from './pool.ts';
import type { Rep } from './reps.ts';
import { noteConflicts } from './routing/conflicts.ts';
import type { Standing } from './standing.ts';

/** The rep takes it, and the account with it where nobody active has the account. It enters the pipeline, unless it stood there before. */
export async function accept(tx: Queryable, id: string, { rep, epoch }: Answerer): Promise<Loop[]> {
  return answer(tx, id, { event: 'opportunity_accepted', move: 'accepted', rep }, async (standing) => {
    await mustBeAskedOf(tx, standing, rep, epoch);
    return acceptedBy(tx, standing, rep);
  });
}

/** Under the opportunity's lock, of one that is offered. */
export async function acceptedBy(tx: Queryable, standing: Standing, rep: Pick<Rep, 'id'>): Promise<object> {
  const { nextLookAt, rungDueAt } = await ladderOf(tx, standing, 'accepted', rep.id, standing.now);
  const { stages } = await loadPipeline(tx);
  await tx.query(
    `with accepted as (
       update opportunity
          set state = 'accepted', owner_rep_id = $2, asked_rep_id = null, epoch = epoch + 1, rung = 0, wall_rung = 0, ladder_since = null, rung_due_at = $4,
              snoozed_until = null, snoozes = 0, accepted_at = clock(), next_look_at = $3, return_at = null,
              stage = coalesce(stage, $5), stage_at = case when stage is null then clock() else stage_at end
        where id = $1 returning account_id),
     taken as (
       update account a set owner_rep_id = $2 from accepted
        where a.id = accepted.account_id and not exists (select from rep r where r.id = a.owner_rep_id and r.active)
          and exists (select from rep r where r.id = $2 and r.partner is null)
       returning a.id, ${fieldsTold(['owner_rep_id'])} as fields)
     ${noteAccounts('taken')}`,
    [standing.id, rep.id, nextLookAt, rungDueAt, stages[0]!.key],
  );
  await noteConflicts(tx, [standing.id]);
  return { waitedMs: standing.offeredAt ? standing.now.getTime() - standing.offeredAt.getTime() : null };
}

/** How a talk is known: `logged` by a person, or seen as a mail of a `sequence`, or one that a rep sent himself with our address in `bcc`. */
export type TouchedBy = 'logged' | 'sequence' | 'bcc';

export interface Talk {
  how?: TouchedBy;
  /** When it was; not given: now. */
  at?: Date | null;
  note?: string | null;
}

/**
 * The rep has really talked to them. Again while touched: the outcome is asked for anew from there. A talk that is told late counts from when it was:
 * a promise broken only since then was kept. Throws `invalid` for a talk to come, or one before the acceptance.
 */
export async function touch(
  tx: Queryable,
  id: string,
  by: Pick<Rep, 'id' | 'key' | 'name'> | null,
  { how = 'logged', at: told = null, note = null }: Talk = {},
): Promise<Loop[]> {
  return answer(tx, id, { event: 'opportunity_touched', move: 'touched', rep: by }, async (standing) => {
    mustBe(standing, ['accepted', 'touched']);
    const at = talkedAt(standing, told);
    await noteTalk(tx, standing, at, how);
    const kept = standing.breachedAt && told ? await withdrawBreaches(tx, id, at) : 0;
    if (kept > 0)
      await writeJournal(tx, [
        { kind: 'breach_withdrawn', leadId: standing.leadId, opportunityId: id, because: { at: at.toISOString(), how } },
      ]);
    const first = standing.touchedAt === null;
    return { how, first, ...(told && { at: at.toISOString() }), ...(note && { note }) };
  });
}

/** The latest talk begins the ladder anew; one before it only makes the first earlier. */
async function noteTalk(tx: Queryable, standing: Standing, at: Date, how: TouchedBy): Promise<void> {
  const { id, state, ladderSince, touchedAt, ownerRepId } = standing;
  const first = `touched_at = least(touched_at, $2), first_touch_by = case when touched_at <= $2 then first_touch_by else $3 end`;
  const latest = state === 'touched' ? (ladderSince ?? touchedAt) : null;
  if (latest && at <= latest) {
    await tx.query(`update opportunity set ${first} where id = $1`, [id, at, how]);
    return;
  }
  const { nextLookAt, rungDueAt } = await ladderOf(tx, standing, 'touched', ownerRepId!, at);
  await tx.query(
    `update opportunity
        set state = 'touched', epoch = epoch + 1, rung = 0, wall_rung = 0, next_look_at = $4, rung_due_at = $5, snoozed_until = null,
            ladder_since = case when touched_at < $2 then $2 end, ${first}
      where id = $1`,
    [id, at, how, nextLookAt, rungDueAt],
  );
}

/** When they have talked: what is told, where it can be. */
function talkedAt({ now, acceptedAt }: Standing, told: Date | null): Date {
  if (told === null) return now;
  if (told > now)
    throw new TendrilError('invalid', 'Nobody has talked to them yet at that time', [{ path: 'at', reason: 'is still to come' }]);
  if (acceptedAt && told < acceptedAt)
    throw new TendrilError('invalid', 'That was before the lead was accepted', [{ path: 'at', reason: 'is before the acceptance' }]);
  return told;
}

/** A recycled lead's time has come: an event says so, to scoring and to campaigns. */
export async function resume(tx: Queryable, id: string): Promise<Loop[]> {
  return answer(tx, id, { event: 'opportunity_resumed', move: null, rep: null }, async (standing) => {
    if (standing.state !== 'recycled' || !standing.due) return null;
    await tx.query('update opportunity set next_look_at = null where id = $1', [id]);
    return {};
  });
}
