import { plus } from '../domain/calendar/duration.ts';
import { nextOpen } from '../domain/calendar/hours.ts';
import { startOf } from '../domain/calendar/zoned.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import { startLadder, type WorkTime } from '../domain/sla/ladder.ts';
import { accept } from './answers.ts';
import { answer, type Answerer, mustBe, mustBeTheirs } from './answering.ts';
import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { repsById } from './reps.ts';
import { loadSla, type Sla } from './sla.ts';
import { readStanding, type Standing } from './standing.ts';

/** How far, and how often, an opportunity may be put off. */
export interface SnoozeLimits {
  /** The last instant it may be put off to. */
  latest: Date;
  /** How often it may be put off still. */
  left: number;
}

/** What the policy of its pool and grade allows. */
export function snoozeLimits(sla: Sla, { poolKey, grades, state, now, snoozes }: Standing): SnoozeLimits {
  const { longest, times } = sla.policy(poolKey, grades).snooze;
  return { latest: plus(now, longest, sla.office.zone), left: Math.max(times - (state === 'offered' ? 0 : snoozes), 0) };
}

/**
 * Puts a lead off: until then its ladder stands still, then it comes back by itself and the ladder begins anew. Who puts off what is only offered
 * to them takes it with that: it is theirs, so nobody else waits for it. Throws `invalid` for a date that is not allowed, `conflict` when it was put off
 * as often as may be. `until` is an instant, or a date: then the owner's first working hour from that day on.
 */
export async function snooze(
  tx: Queryable,
  id: string,
  { until: wish, reason }: { until: string; reason: string },
  by: Answerer | null,
): Promise<Loop[]> {
  const seen = await readStanding(tx, id);
  const taken = by && seen?.state === 'offered' ? await accept(tx, id, by) : [];
  const put = await answer(
    tx,
    id,
    { event: 'opportunity_snoozed', move: null, rep: by?.rep ?? null, stillAwaited: true },
    async (standing) => {
      if (by) mustBeTheirs(standing, by.rep);
      else mustBe(standing, ['accepted', 'touched']);
      const sla = await loadSla(tx);
      const owner = (await repsById(tx, [standing.ownerRepId!])).get(standing.ownerRepId!)!;
      const until = morningOf(wish, sla.work(owner));
      mustBeAllowed(snoozeLimits(sla, standing), standing.now, until);
      await tx.query(
        `update opportunity
          set epoch = epoch + 1, rung = 0, wall_rung = 0, rung_due_at = null, snoozed_until = $2, next_look_at = $2, snoozes = snoozes + 1
        where id = $1`,
        [id, until],
      );
      return { until: until.toISOString(), reason, times: standing.snoozes + 1 };
    },
  );
  return [...taken, ...put];
}

const DAY = 86_400_000;

function morningOf(wish: string, { hours, zone, holidays }: WorkTime): Date {
  if (wish.length > 'yyyy-mm-dd'.length) return new Date(wish);
  return nextOpen(startOf(wish, zone), hours, zone, holidays);
}

function mustBeAllowed({ latest, left }: SnoozeLimits, now: Date, until: Date): void {
  if (left === 0) throw new TendrilError('conflict', 'It was put off as often as it may be: talk to them, or say why not');
  const last = latest.toISOString().slice(0, 10);
  const issue = (reason: string) => [{ path: 'until', reason, mend: `a date until ${last}` }];
  if (until <= now) throw new TendrilError('invalid', 'It can only be put off to a time to come', issue('is past'));
  // The last day counts to its end.
  if (until.getTime() - latest.getTime() > DAY)
    throw new TendrilError('invalid', `It may be put off until ${last}`, issue('is too far off'));
}

/** A snooze is over: the ladder of its state begins anew at that instant. Under the opportunity's lock. */
export async function endSnooze(tx: Queryable, sla: Sla, standing: Standing & { state: 'accepted' | 'touched' }): Promise<void> {
  const { id, leadId, state, poolKey, grades, ownerRepId, nextLookAt: since } = standing;
  const rep = (await repsById(tx, [ownerRepId!])).get(ownerRepId!)!;
  const started = startLadder(sla.policy(poolKey, grades), state, since!, sla.work(rep));
  await tx.query('update opportunity set ladder_since = $2, next_look_at = $3, rung_due_at = $4 where id = $1', [
    id,
    since,
    started.nextLookAt,
    started.rungDueAt,
  ]);
  await writeJournal(tx, [{ kind: 'snooze_over', leadId, opportunityId: id, because: { rep: rep.id, name: rep.name, state } }]);
}
