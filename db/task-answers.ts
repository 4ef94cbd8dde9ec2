import { type Duration } from '../domain/calendar/duration.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import { isTalk, type TaskKind } from '../domain/tasks/kinds.ts';
import { reminderAt } from '../domain/tasks/reminder.ts';
import { DONE } from '../domain/tasks/task.ts';
import { readClock } from './clock.ts';
import { storeEvents } from './events.ts';
import { type JournalRow, writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { endPausesOfTask } from './reply-pause.ts';
import { type Rep, repsById } from './reps.ts';
import { touchSeen } from './sequence-touch.ts';
import { workTimeOfAll } from './task-create.ts';
import { lockLeads, wakeEnrolments } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

/**
 * What becomes of a task by a person's hand. Each is a transition guarded by its state under the row's lock, so it happens once, and works while
 * Temporal is down. All answer the loops to poke after the commit. Throws `not_found`, or `conflict` saying why it comes too late.
 */

interface Held {
  id: string;
  state: 'open' | 'done' | 'cancelled';
  outcome: string | null;
  outcomes: string[];
  ownerRepId: string;
  ownerName: string;
  /** Null: it is about the company alone. */
  leadId: string | null;
  slot: number | null;
  accountId: string | null;
  campaignId: string | null;
  campaign: string | null;
  enrolmentId: string | null;
  stepId: string | null;
  once: boolean;
  handovers: number;
  title: string;
  kind: TaskKind;
  opportunityId: string | null;
  remindBefore: Duration | null;
}

/** The lead's lock first, as everywhere, then the task's. */
async function hold(tx: Queryable, id: string): Promise<Held> {
  const { rows: leads } = await tx.query<{ leadId: string | null }>('select lead_id as "leadId" from task where id = $1', [id]);
  if (!leads[0]) throw new TendrilError('not_found', 'There is no such task');
  if (leads[0].leadId) await lockLeads(tx, [leads[0].leadId]);
  const { rows } = await tx.query<Held>(
    `select t.id, t.state, t.outcome, t.outcomes, t.owner_rep_id as "ownerRepId", r.name as "ownerName", t.lead_id as "leadId", l.slot,
            t.account_id as "accountId", t.campaign_id as "campaignId", c.key as campaign, t.enrolment_id as "enrolmentId", t.step_id as "stepId",
            t.once, t.handovers, t.title, t.kind, t.opportunity_id as "opportunityId", t.remind_before as "remindBefore"
       from task t join rep r on r.id = t.owner_rep_id left join lead l on l.id = t.lead_id left join campaign c on c.id = t.campaign_id
      where t.id = $1 for no key update of t`,
    [id],
  );
  return rows[0]!;
}

function mustBeOpen({ state, outcome, ownerName }: Held): void {
  if (state === 'done') throw new TendrilError('conflict', `This task is done already: ${outcome}`);
  if (state === 'cancelled') throw new TendrilError('conflict', `This task of ${ownerName} was cancelled`);
}

/** Throws `link_expired` when a link was made for somebody else than who has the task now. */
export function mustBeOwn(task: { owner: { id: string; name: string } }, repId: string): void {
  if (task.owner.id !== repId) throw new TendrilError('link_expired', `This task is ${task.owner.name}’s now`);
}

/** The owner, or somebody for them, says what came of it: an event of the lead's, and its campaign goes on. `repId`: by that rep's own link. */
export async function answerTask(
  tx: Queryable,
  id: string,
  { outcome = DONE, note = null, repId }: { outcome?: string; note?: string | null; repId?: string },
): Promise<Loop[]> {
  const held = await hold(tx, id);
  if (repId) mustBeOwn({ owner: { id: held.ownerRepId, name: held.ownerName } }, repId);
  mustBeOpen(held);
  if (!held.outcomes.includes(outcome)) {
    throw new TendrilError('invalid', `'${outcome}' is not an outcome of this task`, [
      { path: 'outcome', reason: 'is not one of this task', mend: `one of: ${held.outcomes.join(', ')}` },
    ]);
  }
  await tx.query(`update task set state = 'done', outcome = $2, note = $3, closed_at = clock(), next_look_at = null where id = $1`, [
    id,
    outcome,
    note,
  ]);
  await journal(tx, held, 'task_done', { outcome, ...(note && { note }) });
  const properties = { task: id, kind: held.kind, outcome, ...(held.campaign && { campaign: held.campaign, step: held.stepId }) };
  const { woken, candidates } = await storeEvents(
    tx,
    held.leadId ? [{ leadId: held.leadId, name: 'task_done', source: 'sales', properties }] : [],
  );
  const released = await endPausesOfTask(tx, id, outcome);
  const slots = held.slot === null ? [] : [held.slot];
  const loops = await wokenLoops(tx, [...woken, ...candidates, ...released, ...(await wakeSharers(tx, held))], slots);
  if (isTalk(held.kind, outcome)) loops.push(...(await keepPromises(tx, held)));
  return released.length > 0 ? [...loops, { kind: 'delivery', lane: 'marketing' }] : loops;
}

/** They have talked: what the owner had accepted of these people, and not talked about yet, is touched. */
async function keepPromises(tx: Queryable, { ownerRepId, leadId, opportunityId }: Held): Promise<Loop[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select o.id from opportunity o
      where o.owner_rep_id = $1 and o.state = 'accepted' and o.closed_at is null
        and (o.id = $2 or exists (select from opportunity_lead l where l.opportunity_id = o.id and l.lead_id = $3))
      order by o.id`,
    [ownerRepId, opportunityId, leadId],
  );
  const owner = (await repsById(tx, [ownerRepId])).get(ownerRepId)!;
  const loops: Loop[] = [];
  for (const { id } of rows) loops.push(...((await touchSeen(tx, id, owner, {})) ?? []));
  return loops;
}

/** It is not needed any more: whoever waits for it goes on without an outcome. */
export async function cancelTask(tx: Queryable, id: string, note: string | null): Promise<Loop[]> {
  const held = await hold(tx, id);
  mustBeOpen(held);
  await tx.query(`update task set state = 'cancelled', note = $2, closed_at = clock(), next_look_at = null where id = $1`, [id, note]);
  await journal(tx, held, 'task_cancelled', { by: 'hand', ...(note && { note }) });
  return wokenLoops(tx, [...(await endPausesOfTask(tx, id, null)), ...(await wakeSharers(tx, held))]);
}

/** Somebody else is to do it; links of earlier mails are worth nothing from here on. The caller queues the mail that says so. */
export async function reassignTask(tx: Queryable, id: string, to: Pick<Rep, 'id' | 'name' | 'key' | 'active'>): Promise<void> {
  const held = await hold(tx, id);
  mustBeOpen(held);
  if (!to.active)
    throw new TendrilError('invalid', `${to.name} is not active`, [{ path: 'rep', reason: 'is not active', mend: 'name somebody who is' }]);
  if (held.ownerRepId === to.id) throw new TendrilError('conflict', `It is ${to.name}’s already`);
  await tx.query(`update task set owner_rep_id = $2, handovers = handovers + 1 where id = $1`, [id, to.id]);
  await journal(tx, held, 'task_reassigned', { rep: to.id, name: to.name, from: held.ownerName });
}

/** Not now: it is on nobody's list, and nobody is reminded of it, before this instant. When it is due stays as it is. */
export async function snoozeTask(tx: Queryable, id: string, until: Date, by?: string): Promise<void> {
  const held = await hold(tx, id);
  if (by) mustBeOwn({ owner: { id: held.ownerRepId, name: held.ownerName } }, by);
  mustBeOpen(held);
  const { now } = await readClock(tx);
  if (until <= now) throw new TendrilError('invalid', 'That time has passed', [{ path: 'until', reason: 'is not in the future' }]);
  await tx.query('update task set snoozed_until = $2, next_look_at = $2 where id = $1', [id, until]);
  await journal(tx, held, 'task_snoozed', { until });
}

/** It is to be done by another time, later or sooner; the reminder moves with it, or is another one. */
export async function moveTask(tx: Queryable, id: string, dueAt: Date, remindBefore?: Duration | null): Promise<void> {
  const held = await hold(tx, id);
  mustBeOpen(held);
  const [{ now }, work] = [await readClock(tx), await workTimeOfAll(tx)];
  if (dueAt <= now) throw new TendrilError('invalid', 'That time has passed', [{ path: 'due', reason: 'is not in the future' }]);
  const before = remindBefore === undefined ? held.remindBefore : remindBefore;
  const lookAt = reminderAt(dueAt, before, now, work.timezone, work) ?? dueAt;
  await tx.query('update task set due_at = $2, remind_before = $3, next_look_at = $4, snoozed_until = null where id = $1', [
    id,
    dueAt,
    before,
    lookAt,
  ]);
  await journal(tx, held, 'task_moved', { due: dueAt });
}

/** Everybody who waits for its outcome: the one that asked, and where it is the company's, its other people. */
async function wakeSharers(tx: Queryable, { enrolmentId, once, accountId, campaignId, stepId }: Held) {
  const { rows } = await tx.query<{ id: string }>(
    `select e.id from enrolment e where e.id = $1 and e.waiting like 'task:%'
     union
     select e.id from lead l join enrolment e on e.lead_id = l.id
      where l.account_id = $2 and e.campaign_id = $3 and e.step_id = $4 and e.waiting like 'task:%'`,
    [enrolmentId, once ? accountId : null, campaignId, stepId],
  );
  return wakeEnrolments(
    tx,
    rows.map(({ id }) => id),
  );
}

function journal(tx: Queryable, held: Held, kind: JournalRow['kind'], because: object): Promise<void> {
  const { leadId, campaignId, enrolmentId, stepId, opportunityId, title, ownerName } = held;
  return writeJournal(tx, [
    { kind, leadId, campaignId, enrolmentId, stepId, opportunityId, because: { task: held.id, title, name: ownerName, ...because } },
  ]);
}
