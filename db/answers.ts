import type { Loop } from '../domain/loops.ts';
import { answer, type Answerer, clockOf, mustBe, mustBeAskedOf } from './answering.ts';
import type { Queryable } from './pool.ts';
import type { Rep } from './reps.ts';

/** The rep takes it, and the account with it where nobody active has the account. */
export async function accept(tx: Queryable, id: string, { rep, epoch }: Answerer): Promise<Loop[]> {
  return answer(tx, id, { event: 'opportunity_accepted', move: 'accepted', rep }, async (standing) => {
    await mustBeAskedOf(tx, standing, rep, epoch);
    const next = await clockOf(tx, standing, 'accepted', rep.id);
    await tx.query(
      `with accepted as (
         update opportunity set state = 'accepted', owner_rep_id = $2, asked_rep_id = null, epoch = epoch + 1, rung = 0, accepted_at = clock(), next_look_at = $3
          where id = $1 returning account_id)
       update account a set owner_rep_id = $2 from accepted
        where a.id = accepted.account_id and not exists (select from rep r where r.id = a.owner_rep_id and r.active)`,
      [id, rep.id, next],
    );
    return { waitedMs: standing.offeredAt ? standing.now.getTime() - standing.offeredAt.getTime() : null };
  });
}

/** The rep has really talked to them. Again while touched: the outcome is asked for anew from here. */
export async function touch(tx: Queryable, id: string, by: Pick<Rep, 'id' | 'key' | 'name'> | null): Promise<Loop[]> {
  return answer(tx, id, { event: 'opportunity_touched', move: 'touched', rep: by }, async (standing) => {
    mustBe(standing, ['accepted', 'touched']);
    const next = await clockOf(tx, standing, 'touched', standing.ownerRepId!);
    await tx.query(
      `update opportunity set state = 'touched', epoch = epoch + 1, rung = 0, touched_at = coalesce(touched_at, clock()), next_look_at = $2 where id = $1`,
      [id, next],
    );
    return {};
  });
}

export interface Outcome {
  outcome: 'won' | 'lost';
  amount?: number | null;
  currency?: string | null;
  reason?: string | null;
}

/** The outcome: the opportunity is closed for good. */
export async function close(
  tx: Queryable,
  id: string,
  { outcome, amount = null, currency = null, reason = null }: Outcome,
): Promise<Loop[]> {
  return answer(tx, id, { event: `opportunity_${outcome}`, move: outcome, rep: null }, async (standing) => {
    mustBe(standing, ['accepted', 'touched']);
    await tx.query(
      `update opportunity set state = $2, epoch = epoch + 1, closed_at = clock(), next_look_at = null, amount = coalesce($3, amount), currency = coalesce($4, currency)
        where id = $1`,
      [id, outcome, amount, currency],
    );
    return { amount, currency, reason };
  });
}

/** A recycled lead's time has come: an event says so, to scoring and to campaigns. */
export async function resume(tx: Queryable, id: string): Promise<Loop[]> {
  return answer(tx, id, { event: 'opportunity_resumed', move: null, rep: null }, async (standing) => {
    if (standing.state !== 'recycled' || !standing.due) return null;
    await tx.query('update opportunity set next_look_at = null where id = $1', [id]);
    return {};
  });
}
