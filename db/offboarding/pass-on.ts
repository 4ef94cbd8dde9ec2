import { gradesOf } from '../../domain/sla/document.ts';
import { startLadder, type Watched } from '../../domain/sla/ladder.ts';
import type { Queryable } from '../pool.ts';
import { repsById } from '../reps.ts';
import { giveRuns, type RunsGiven } from '../sequence-runs.ts';
import { loadSla } from '../sla.ts';
import { wakeEnrolments, type Woken } from '../wakes.ts';
import { type Given, heirsFor } from './heirs.ts';
import type { Moved } from './letters.ts';
import type { Running } from './running.ts';

/** How many companies (or leads without one) are handed over in one transaction, with all that is theirs. */
const BATCH = 1_000;

/** What went, and who is to be woken for it; and which letters that have not left have another sender now. */
interface PassedOn extends Moved {
  moved: number;
  woken: Woken[];
}

/**
 * Hands over the next thousand companies with all that belongs to them: accounts, accepted opportunities, tasks, runs of sequences. One rep for what belongs
 * together. A fixed number of statements. Answers how many things went; 0 when nothing is left but offers.
 */
export async function passOn(tx: Queryable, running: Running): Promise<PassedOn> {
  const given = await heirsFor(tx, running, await next(tx, running.repId));
  if (given.length === 0) {
    const late = await moveStragglers(tx, running);
    return { moved: late.drafts.length + late.sends.length, woken: [], ...late };
  }
  const moved = [await moveAccounts(tx, running, given), await moveOpportunities(tx, running, given), await moveTasks(tx, running, given)];
  const { runs, woken, ...letters } = await moveRuns(tx, running, given);
  return { moved: moved.reduce((sum, count) => sum + count, runs), woken, ...letters };
}

/** The next companies, in no order that matters. */
async function next(tx: Queryable, repId: string): Promise<string[]> {
  const { rows } = await tx.query<{ what: string }>(
    `select distinct what from (
       (select a.id as what from account a where a.owner_rep_id = $1 limit $2)
       union all
       (select coalesce(o.account_id, o.lead_id) from opportunity o
         where o.owner_rep_id = $1 and o.closed_at is null and o.state in ('accepted', 'touched') limit $2)
       union all
       (select coalesce(t.account_id, t.lead_id) from task t where t.owner_rep_id = $1 and t.state = 'open' limit $2)
       union all
       (select coalesce(l.account_id, l.id) from enrolment e join lead l on l.id = e.lead_id where e.rep_id = $1 and e.state = 'active' limit $2)
     ) theirs order by what limit $2`,
    [repId, BATCH],
  );
  return rows.map(({ what }) => what);
}

/** The columns every statement takes: whose it was, what belongs together, who gets it and by which rule, of which handing over, and what the rules said. */
const columns = ({ repId, id, repName }: Running, given: readonly Given[]): unknown[] => [
  repId,
  given.map((one) => one.what),
  given.map((one) => one.repId),
  given.map((one) => one.by),
  id,
  repName,
  given.map(({ routed }) => (routed ? JSON.stringify({ routing: routed }) : '{}')),
];
const GIVEN = `given as materialized (select * from unnest($2::uuid[], $3::uuid[], $4::text[], $7::jsonb[]) as g (what, rep_id, by, routed))`;
const handover = (kind: string, contact: string): string => `
  insert into handover (offboarding_id, kind, thing_id, what, lead_id, to_rep_id, by, contact)
  select $5::uuid, '${kind}', m.id, m.what::text, m.lead_id, m.rep_id, m.by, ${contact} from moved m order by m.id
  on conflict (offboarding_id, kind, thing_id) do update set to_rep_id = excluded.to_rep_id, by = excluded.by, told = false`;

async function moveAccounts(tx: Queryable, running: Running, given: readonly Given[]): Promise<number> {
  const { rowCount } = await tx.query(
    `with ${GIVEN},
     theirs as materialized (
       select a.id from account a where a.id = any($2::uuid[]) and a.owner_rep_id = $1 order by a.id for no key update),
     moved as (
       update account a set owner_rep_id = g.rep_id from theirs t join given g on g.what = t.id where a.id = t.id
       returning a.id, g.what, null::uuid as lead_id, g.rep_id, g.by, g.routed),
     noted as (${handover('account', 'false')})
     insert into journal (kind, because)
     select 'account_reassigned', jsonb_build_object('account', m.id, 'rep', r.id, 'name', r.name, 'from', $6::text, 'by', m.by) || m.routed
       from moved m join rep r on r.id = m.rep_id order by m.id`,
    columns(running, given),
  );
  return rowCount ?? 0;
}

/** What they had accepted goes over as it stands; the promise begins anew, by the clock of whoever has it now. */
async function moveOpportunities(tx: Queryable, running: Running, given: readonly Given[]): Promise<number> {
  const { rows } = await tx.query<{
    id: string;
    state: Watched;
    pool: string;
    what: string;
    vip: boolean;
    urgent: boolean;
    fit: string | null;
    now: Date;
  }>(
    `select o.id, o.state, p.key as pool, coalesce(o.account_id, o.lead_id) as what, o.vip, o.urgent, coalesce(o.grade, s.fit) as fit, clock() as now
       from opportunity o join pool p on p.id = o.pool_id left join lead_score s on s.lead_id = o.lead_id
      where o.owner_rep_id = $1 and o.closed_at is null and o.state in ('accepted', 'touched') and coalesce(o.account_id, o.lead_id) = any($2::uuid[])
      order by o.id for no key update of o`,
    [running.repId, given.map(({ what }) => what)],
  );
  if (rows.length === 0) return 0;
  const heirs = new Map(given.map(({ what, repId }) => [what, repId]));
  const [sla, reps] = [await loadSla(tx), await repsById(tx, [...heirs.values()])];
  const ladders = rows.map(({ state, pool, what, vip, urgent, fit, now }) =>
    startLadder(sla.policy(pool, gradesOf({ vip, urgent, fit })), state, now, sla.work(reps.get(heirs.get(what)!)!)),
  );
  const { rowCount } = await tx.query(
    `with ${GIVEN},
     ladder as (select * from unnest($8::uuid[], $9::timestamptz[], $10::timestamptz[]) as l (id, look_at, rung_due_at)),
     moved as (
       update opportunity o
          set owner_rep_id = g.rep_id, asked_rep_id = null, epoch = o.epoch + 1, rung = 0, wall_rung = 0, ladder_since = clock(),
              next_look_at = l.look_at, rung_due_at = l.rung_due_at, snoozed_until = null, snoozes = 0
         from ladder l, given g where o.id = l.id and o.owner_rep_id = $1 and g.what = coalesce(o.account_id, o.lead_id)
       returning o.id, o.lead_id, o.touched_at, o.epoch, o.state, g.what, g.rep_id, g.by, g.routed),
     noted as (${handover('opportunity', 'm.touched_at is not null')})
     insert into journal (kind, lead_id, opportunity_id, because)
     select 'opportunity_handed_over', m.lead_id, m.id,
            jsonb_build_object('rep', r.id, 'name', r.name, 'from', $6::text, 'by', m.by, 'state', m.state, 'epoch', m.epoch) || m.routed
       from moved m join rep r on r.id = m.rep_id order by m.id`,
    [
      ...columns(running, given),
      rows.map(({ id }) => id),
      ladders.map(({ nextLookAt }) => nextLookAt),
      ladders.map(({ rungDueAt }) => rungDueAt),
    ],
  );
  return rowCount ?? 0;
}

async function moveTasks(tx: Queryable, running: Running, given: readonly Given[]): Promise<number> {
  const { rowCount } = await tx.query(
    `with ${GIVEN},
     theirs as materialized (
       select t.id, coalesce(t.account_id, t.lead_id) as what from task t
        where t.owner_rep_id = $1 and t.state = 'open' and coalesce(t.account_id, t.lead_id) = any($2::uuid[]) order by t.id for no key update),
     moved as (
       update task t set owner_rep_id = g.rep_id, handovers = t.handovers + 1
         from theirs h join given g using (what) where t.id = h.id
       returning t.id, t.title, t.lead_id, t.campaign_id, t.enrolment_id, t.step_id, t.opportunity_id, g.what, g.rep_id, g.by),
     noted as (${handover('task', 'false')})
     insert into journal (kind, lead_id, campaign_id, enrolment_id, step_id, opportunity_id, because)
     select 'task_reassigned', m.lead_id, m.campaign_id, m.enrolment_id, m.step_id, m.opportunity_id,
            jsonb_build_object('task', m.id, 'title', m.title, 'rep', r.id, 'name', r.name, 'from', $6::text, 'by', m.by)
       from moved m join rep r on r.id = m.rep_id order by m.id`,
    columns(running, given),
  );
  return rowCount ?? 0;
}

/** A run goes on under the new name, with the mails of it that have not left and those still to be looked through. */
async function moveRuns(tx: Queryable, running: Running, given: readonly Given[]): Promise<RunsGiven & { woken: Woken[] }> {
  const { rows } = await tx.query<{ runId: string; repId: string; by: string }>(
    `with ${GIVEN},
     moved as materialized (
       select e.id, e.lead_id, g.what, g.rep_id, g.by from enrolment e join lead l on l.id = e.lead_id join given g on g.what = coalesce(l.account_id, l.id)
        where e.rep_id = $1 and e.state = 'active' and $6::text is not null),
     noted as (${handover('sequence', `exists (select from thread_mail t where t.enrolment_id = m.id)`)})
     select id as "runId", rep_id as "repId", by from moved order by id`,
    columns(running, given),
  );
  const went = await giveRuns(tx, rows);
  const ids = rows.map(({ runId }) => runId);
  return { ...went, woken: await wakeEnrolments(tx, ids) };
}

/** What was drafted or queued under their name for a run that somebody else has already: whoever wrote it had read the run before it went over. */
async function moveStragglers(tx: Queryable, { repId }: Running): Promise<Moved> {
  const { rows } = await tx.query<Moved>(
    `with drafted as (
       update draft d set rep_id = e.rep_id from enrolment e
        where d.rep_id = $1 and d.state = 'open' and e.id = d.enrolment_id and e.rep_id <> $1 returning d.id),
     queued as (
       update send s set rep_id = e.rep_id from enrolment e
        where s.rep_id = $1 and s.class = 'personal' and s.state = 'queued' and s.settled_at is null and e.id = s.enrolment_id and e.rep_id <> $1 returning s.id)
     select array(select id from drafted) as drafts, array(select id from queued) as sends`,
    [repId],
  );
  return rows[0]!;
}
