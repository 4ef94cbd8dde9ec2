import { plus } from '../domain/calendar/duration.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import { type RejectionReason, standardSchema } from '../domain/scoring/standard.ts';
import { answer, type Answerer, mustBe, mustBeAskedOf } from './answering.ts';
import { creditRep } from './credits.ts';
import { currentDocument } from './documents.ts';
import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { type Rep, repsById } from './reps.ts';
import { reroute } from './routing/reroute.ts';
import type { Standing } from './standing.ts';

export interface Rejection {
  /** Key of a reason of the qualification standard. */
  reason: string;
  /** For a reason that recycles: when to come back, instead of the standard's own time. */
  resumeOn?: Date | null;
  note?: string | null;
}

/** The rep says no; what follows stands in the qualification standard. */
export async function reject(tx: Queryable, id: string, rejection: Rejection, by: Answerer | null): Promise<Loop[]> {
  const follows = await reasonOf(tx, rejection.reason);
  const move = ({ recycle: 'returned', nurture: 'returned', disqualify: 'disqualified', reroute: null } as const)[follows.follows];
  return answer(tx, id, { event: 'opportunity_rejected', move, rep: by?.rep ?? null }, async (standing) => {
    if (by && (by.epoch !== undefined || standing.state === 'offered')) await mustBeAskedOf(tx, standing, by.rep, by.epoch);
    else mustBe(standing, ['offered', 'accepted', 'touched']);
    if (follows.credit && (by === null || by.rep.id === standing.ownerRepId)) await creditRep(tx, standing, rejection.reason);
    if (follows.follows === 'reroute') await passOn(tx, standing, by?.rep ?? null);
    else await turnDown(tx, standing, rejection, follows);
    return { reason: rejection.reason, follows: follows.follows, note: rejection.note ?? null };
  });
}

async function turnDown(tx: Queryable, { id, now }: Standing, rejection: Rejection, follows: RejectionReason): Promise<void> {
  const resumeAt = follows.follows === 'recycle' ? comingBack(now, rejection, follows) : null;
  if (rejection.resumeOn && follows.follows !== 'recycle')
    throw invalidDate('Only a reason that recycles takes a date', `does not go with '${rejection.reason}'`);
  await tx.query(
    `update opportunity
        set state = $2, epoch = epoch + 1, closed_at = clock(), rejected_reason = $3, resume_at = $4, next_look_at = $4, asked_rep_id = null,
            rung_due_at = null, snoozed_until = null
      where id = $1`,
    [id, resumeAt ? 'recycled' : 'rejected', rejection.reason, resumeAt],
  );
}

/** When a recycled lead comes back: on the date the rep names, else after the reason's own time. */
function comingBack(now: Date, { resumeOn }: Rejection, reason: Extract<RejectionReason, { follows: 'recycle' }>): Date {
  if (!resumeOn && (reason.askDate || !reason.after)) throw invalidDate(`‘${reason.label}’ asks when to come back`, 'is missing');
  const at = resumeOn ?? plus(now, reason.after!);
  if (at <= now) throw invalidDate('The date to come back must be in the future', 'is past');
  return at;
}

const invalidDate = (detail: string, reason: string): TendrilError => new TendrilError('invalid', detail, [{ path: 'resumeOn', reason }]);

/** A good lead for somebody else: a second rep steps back; from the first it is routed anew and queued again, past those who had it. */
async function passOn(tx: Queryable, standing: Standing, rep: Pick<Rep, 'id' | 'name'> | null): Promise<void> {
  if (rep && rep.id === standing.askedRepId && standing.state === 'offered') {
    await journalPassing(tx, standing, rep, 'rep');
    await tx.query('update opportunity set asked_rep_id = null where id = $1', [standing.id]);
    return;
  }
  await backToQueue(tx, standing, null, 'rep');
  await reroute(tx, [standing.id]);
}

/** Gives it to a rep, or to whoever is next, by hand: open links are worth nothing from here on. */
export async function reassign(tx: Queryable, id: string, to: Pick<Rep, 'id' | 'key' | 'name'> | null): Promise<Loop[]> {
  return answer(tx, id, { event: null, move: null, rep: to }, async (standing) => {
    mustBe(standing, ['queued', 'offered', 'accepted', 'touched']);
    await backToQueue(tx, standing, to, 'hand');
    return {};
  });
}

/** Where nobody had accepted it, the customer's clock goes on, whoever has it next. */
async function backToQueue(tx: Queryable, standing: Standing, to: Pick<Rep, 'id'> | null, by: 'rep' | 'hand'): Promise<void> {
  const owner = standing.ownerRepId ? (await repsById(tx, [standing.ownerRepId])).get(standing.ownerRepId) : undefined;
  if (owner && owner.id !== to?.id) await journalPassing(tx, standing, owner, by);
  await tx.query(
    `update opportunity
        set state = 'queued', owner_rep_id = null, asked_rep_id = $2, epoch = epoch + 1, rung = 0, rung_due_at = null,
            wall_rung = case when state = 'offered' then wall_rung else 0 end,
            ladder_since = case when state = 'offered' then coalesce(ladder_since, offered_at) end,
            snoozed_until = null, urgent = true, next_look_at = clock()
      where id = $1`,
    [standing.id, to?.id ?? null],
  );
}

async function journalPassing(
  tx: Queryable,
  { id, leadId, epoch }: Standing,
  rep: Pick<Rep, 'id' | 'name'>,
  by: 'rep' | 'hand',
): Promise<void> {
  await writeJournal(tx, [{ kind: 'passed_on', leadId, opportunityId: id, because: { rep: rep.id, name: rep.name, by, epoch } }]);
}

async function reasonOf(tx: Queryable, key: string): Promise<RejectionReason> {
  const reasons = await rejectionReasons(tx);
  const reason = reasons[key];
  if (reason) return reason;
  const mend = `one of: ${Object.keys(reasons).join(', ')}`;
  throw new TendrilError('invalid', `There is no rejection reason '${key}'`, [
    { path: 'reason', reason: 'is not in the qualification standard', mend },
  ]);
}

/** The reasons a rep may give, by key: the qualification standard's, or the usual ones where there is none. */
export async function rejectionReasons(tx: Queryable): Promise<Record<string, RejectionReason>> {
  const standard = await currentDocument(tx, 'standard');
  return standard ? standardSchema.parse(standard.body).reasons : usualReasons;
}

const usualReasons: Record<string, RejectionReason> = {
  not_now: { follows: 'recycle', label: 'Not now', after: '3mo', askDate: false },
  wrong_person: { follows: 'nurture', label: 'Not the right person', credit: true },
  wrong_rep: { follows: 'reroute', label: 'A good lead, but not for me' },
  junk: { follows: 'disqualify', label: 'Not a lead at all', credit: true },
};
