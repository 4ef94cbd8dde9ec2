import type { Loop } from '../domain/loops.ts';
import { TendrilError } from '../domain/errors.ts';
import { cancelDrafts } from './drafts.ts';
import { COLUMNS, deleteWakes, isActive, type ReadyEnrolment, readWakes } from './enrolments.ts';
import { type JournalRow, writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, wakeEnrolments, wakeLeads, type Woken } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

/** A run of a sequence as it is decided on. */
export interface Run extends ReadyEnrolment {
  campaignId: string;
  slot: number;
  repId: string;
  pausedAt: Date | null;
  /** Something is due, or has happened. */
  ready: boolean;
  /** Real ms until it is due; null while the clock stands still. */
  sleepMs: number | null;
}

const OWN = `${COLUMNS}, e.campaign_id as "campaignId", e.slot, e.rep_id as "repId", e.paused_at as "pausedAt"`;

/** One active run, locked; `locked` where another holds it, null where it is over. */
export async function lockRun(tx: Queryable, id: string): Promise<Run | 'locked' | null> {
  const { rows } = await tx.query<Run>(
    `select ${OWN}, e.due_at <= (select clock()) or exists (select from wake w where w.enrolment_id = e.id) as ready, real_ms_until(e.due_at) as "sleepMs"
       from enrolment e where e.id = $1 and e.state = 'active' and e.rep_id is not null for no key update of e skip locked`,
    [id],
  );
  if (rows[0]) return rows[0];
  const { rows: active } = await tx.query(`select from enrolment where id = $1 and state = 'active' and rep_id is not null`, [id]);
  return active.length > 0 ? 'locked' : null;
}

/** Locks up to `limit` other runs of its sequence for which something is due, and as many that are woken; those that others hold are left alone. */
export async function lockAlong(tx: Queryable, { id, campaignId }: Pick<Run, 'id' | 'campaignId'>, limit: number): Promise<Run[]> {
  const { rows } = await tx.query<Run>(
    `with ready as (
       (select id from enrolment where campaign_id = $1 and state = 'active' and due_at <= (select clock()) order by due_at limit $3)
       union
       (select enrolment_id from wake where campaign_id = $1 order by id limit $3))
     select ${OWN}, true as ready, null as "sleepMs" from enrolment e join ready using (id)
      where e.id <> $2 and ${isActive('e')} and e.rep_id is not null for no key update of e skip locked`,
    [campaignId, id, limit],
  );
  return rows;
}

/** A run that is over has nothing to be woken for. */
export async function forgetRun(tx: Queryable, id: string): Promise<void> {
  await deleteWakes(tx, await readWakes(tx, [id]));
}

/** The active runs among these, as they stand; nothing is locked. */
export async function activeRuns(tx: Queryable, ids: readonly string[]): Promise<Run[]> {
  const { rows } = await tx.query<Run>(
    `select ${OWN}, false as ready, null as "sleepMs"
       from enrolment e where e.id = any($1::uuid[]) and ${isActive('e')} and e.rep_id is not null`,
    [ids],
  );
  return rows;
}

/**
 * What follows when these runs have ended, in the transaction that ended them: their queued letters and drafts are not wanted any more, and campaigns
 * that waited for them may mail the leads again. Answers whom was woken.
 */
export async function afterRuns(tx: Queryable, runs: readonly { id: string; leadId: string }[]): Promise<Woken[]> {
  if (runs.length === 0) return [];
  const leadIds = [...new Set(runs.map(({ leadId }) => leadId))];
  const ids = runs.map(({ id }) => id);
  // Before the leads are locked: whoever sends holds its mails first, and their leads after.
  await tx.query(
    `update send set state = 'cancelled', reason = 'run_over', settled_at = (select clock())
      where lead_id = any($1::uuid[]) and enrolment_id = any($2::uuid[]) and class = 'personal' and state = 'queued'`,
    [leadIds, ids],
  );
  await cancelDrafts(tx, ids);
  await lockLeads(tx, leadIds);
  return wakeLeads(tx, leadIds, { rescore: false });
}

interface Held {
  id: string;
  campaignId: string;
  leadId: string;
  stepId: string;
  seq: number;
}

const HELD = 'id, campaign_id as "campaignId", lead_id as "leadId", step_id as "stepId", seq';

async function change(tx: Queryable, id: string, sql: string, refusal: string): Promise<Held> {
  const { rows } = await tx.query<Held>(`update enrolment set ${sql} returning ${HELD}`, [id]);
  if (rows[0]) return rows[0];
  const { rows: found } = await tx.query<{ state: string }>('select state from enrolment where id = $1 and rep_id is not null', [id]);
  if (!found[0]) throw new TendrilError('not_found', 'There is no such run');
  throw new TendrilError('conflict', found[0].state === 'active' ? refusal : `The run is over: ${found[0].state}`);
}

const note = (tx: Queryable, kind: JournalRow['kind'], { id, ...run }: Held, because: object): Promise<void> =>
  writeJournal(tx, [{ kind, ...run, enrolmentId: id, because }]);

/** Ends a run by hand: nothing more of it leaves. Answers the loops to poke. Throws `not_found`, or `conflict` when it is over. */
export async function stopRun(tx: Queryable, id: string, because: { note?: string | undefined } = {}): Promise<Loop[]> {
  const run = await change(
    tx,
    id,
    `state = 'exited', ended_at = clock(), end_reason = 'stopped', waiting = null, due_at = null, seq = seq + 1 where id = $1 and state = 'active' and rep_id is not null`,
    'It was ended by somebody else at this moment',
  );
  await note(tx, 'exited', run, { rule: 'run_stopped', ...because });
  const woken = await afterRuns(tx, [run]);
  return [{ kind: 'sequence', enrolmentId: id }, ...(await wokenLoops(tx, woken))];
}

/** It stands still until it is resumed; what ends it ends it nevertheless. Throws `not_found`, or `conflict` when it is over or paused. */
export async function pauseRun(tx: Queryable, id: string): Promise<void> {
  const run = await change(
    tx,
    id,
    `paused_at = clock() where id = $1 and state = 'active' and rep_id is not null and paused_at is null`,
    'It is paused already',
  );
  await note(tx, 'run_paused', run, {});
}

/** It goes on; what fell due meanwhile is done now. Answers the loops to poke. Throws `not_found`, or `conflict` when it is over or not paused. */
export async function resumeRun(tx: Queryable, id: string): Promise<Loop[]> {
  const run = await change(
    tx,
    id,
    `paused_at = null where id = $1 and state = 'active' and rep_id is not null and paused_at is not null`,
    'It is not paused',
  );
  await note(tx, 'run_resumed', run, {});
  // The last look put its mail off for as long as it was paused; it finds its window anew.
  await tx.query(`update send set due_at = clock() where lead_id = $1 and enrolment_id = $2 and state = 'queued' and due_at > clock()`, [
    run.leadId,
    id,
  ]);
  return [...(await wokenLoops(tx, await wakeEnrolments(tx, [id]))), { kind: 'delivery', lane: 'personal' }];
}

/** What went to another rep: how many runs, and which of their letters that have not left. */
export interface RunsGiven {
  runs: number;
  drafts: string[];
  sends: string[];
}

/** Another rep goes on with these runs, under their own name: what is drafted or queued is theirs, too. `by`: why this one. Those that are over are left. */
export async function giveRuns(tx: Queryable, given: readonly { runId: string; repId: string; by: string }[]): Promise<RunsGiven> {
  const sorted = given.toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
  // First the locks, by a statement of their own: what those whom we wait for have drafted or queued is seen only by the next one.
  await tx.query('select from enrolment where id = any($1::uuid[]) order by id for no key update', [sorted.map(({ runId }) => runId)]);
  const { rows } = await tx.query<RunsGiven>(
    `with given as (select * from unnest($1::uuid[], $2::uuid[], $3::text[]) as g (run_id, rep_id, by)),
     held as (select e.id, e.rep_id as was, g.rep_id, g.by from given g join enrolment e on e.id = g.run_id
               where ${isActive('e')} and e.rep_id is not null and e.rep_id <> g.rep_id order by e.id for no key update of e),
     moved as (update enrolment e set rep_id = h.rep_id from held h where e.id = h.id returning e.id, e.campaign_id, e.lead_id, e.step_id, e.seq, e.rep_id, h.was, h.by),
     drafted as (update draft d set rep_id = m.rep_id from moved m where d.enrolment_id = m.id and d.state = 'open' returning d.id),
     queued as (
       update send s set rep_id = m.rep_id from moved m
        where s.lead_id = m.lead_id and s.enrolment_id = m.id and s.class = 'personal' and s.state = 'queued' returning s.id),
     noted as (
       insert into journal (kind, lead_id, campaign_id, enrolment_id, seq, step_id, because)
       select 'run_given', m.lead_id, m.campaign_id, m.id, m.seq, m.step_id,
              jsonb_build_object('rep', r.id, 'name', r.name, 'from', was.name, 'by', m.by)
         from moved m join rep r on r.id = m.rep_id join rep was on was.id = m.was order by m.id)
     select (select count(*)::int from moved) as runs, array(select id from drafted) as drafts, array(select id from queued) as sends`,
    [sorted.map(({ runId }) => runId), sorted.map(({ repId }) => repId), sorted.map(({ by }) => by)],
  );
  return rows[0]!;
}
