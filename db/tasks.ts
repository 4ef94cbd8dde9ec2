import type { TaskKind, TaskSource } from '../domain/tasks/kinds.ts';
import type { Recipient } from '../domain/tasks/recipient.ts';
import type { Queryable } from './pool.ts';
import { chooseReps } from './recipients.ts';
import { wakeEnrolments, type Woken } from './wakes.ts';

/** A task that a step of a campaign asks for, an answer, a rule or a person. */
export interface NewTask {
  /** enrolment/step/occurrence; else what asks for it, and which time. */
  taskKey: string;
  title: string;
  /** What there is to do; default custom. */
  kind?: TaskKind;
  /** Default: an answer’s where its key says so, else a campaign’s. */
  source?: TaskSource;
  details?: string | null;
  to: Recipient;
  pool: string | null;
  /** Null: about a company alone, which `accountId` names. */
  leadId: string | null;
  /** Default: the lead's. */
  accountId?: string | null;
  opportunityId?: string | null;
  campaignId: string | null;
  /** Null for a task that no enrolment asked for. */
  enrolmentId: string | null;
  stepId: string | null;
  outcomes: readonly string[];
  /** One for the whole company, where the lead has one. */
  once: boolean;
  awaited: boolean;
  dueAt: Date;
  /** The owner is reminded so long before it is due, too: a duration. `firstLookAt`: when that is, where it is yet to come. */
  remindBefore?: string | null;
  firstLookAt?: Date | null;
  /** Who made it by hand. */
  createdBy?: string | null;
  test: boolean;
}

interface Keyed {
  n: number;
  key: string;
  accountId: string | null;
}

/**
 * Opens those of the tasks that are not there yet and chooses their owners, in a fixed number of statements. Whoever shares a task of
 * their company that is answered already is woken. Answers the ids of those opened, and whom to poke.
 */
export async function openTasks(tx: Queryable, tasks: readonly NewTask[]): Promise<{ opened: string[]; woken: Woken[] }> {
  if (tasks.length === 0) return { opened: [], woken: [] };
  const { rows } = await tx.query<Keyed & { there: boolean }>(
    `select w.n, k.key, coalesce(w.account_id, l.account_id) as "accountId", t.id is not null as there
       from unnest($1::int[], $2::text[], $3::boolean[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[]) as w (n, task_key, once, lead_id, campaign_id, step_id, account_id)
       left join lead l on l.id = w.lead_id
       cross join lateral (
         select case when w.once and l.account_id is not null then 'account/' || l.account_id || '/' || w.campaign_id || '/' || w.step_id else w.task_key end as key) k
       left join task t on t.task_key = k.key
      order by w.n`,
    [
      tasks.map((_, n) => n),
      tasks.map((one) => one.taskKey),
      tasks.map((one) => one.once),
      tasks.map((one) => one.leadId),
      tasks.map((one) => one.campaignId),
      tasks.map((one) => one.stepId),
      tasks.map((one) => one.accountId ?? null),
    ],
  );
  const missing = rows.filter(({ there }) => !there);
  const firsts = [...new Map(missing.toReversed().map((row) => [row.key, row])).values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const closed = await closedAmong(
    tx,
    rows.filter(({ there }) => there),
  );
  const opened = await insert(tx, tasks, firsts);
  // Another campaign loop has opened some of them since we looked.
  if (opened.length < firsts.length) (await closedAmong(tx, missing)).forEach((key) => closed.add(key));
  const answered = rows.flatMap(({ n, key }) => (closed.has(key) ? (tasks[n]!.enrolmentId ?? []) : []));
  return { opened, woken: await wakeEnrolments(tx, answered) };
}

/** Those that are closed already. The open ones stay so until we commit: whoever answers one from then on sees, and wakes, those who share it. */
async function closedAmong(tx: Queryable, keyed: readonly Keyed[]): Promise<Set<string>> {
  if (keyed.length === 0) return new Set();
  const { rows } = await tx.query<{ key: string; closed: boolean }>(
    'select task_key as key, closed_at is not null as closed from task where task_key = any($1) order by id for share',
    [[...new Set(keyed.map(({ key }) => key))]],
  );
  return new Set(rows.flatMap(({ key, closed }) => (closed ? key : [])));
}

async function insert(tx: Queryable, tasks: readonly NewTask[], firsts: readonly Keyed[]): Promise<string[]> {
  const given = firsts.map(({ n }) => tasks[n]!);
  const owners = await chooseReps(tx, given);
  const { rows } = await tx.query<{ id: string }>(
    `with opened as (
       insert into task (task_key, title, owner_rep_id, lead_id, account_id, campaign_id, enrolment_id, step_id, once, awaited, outcomes, due_at, next_look_at,
                         test, kind, source, details, opportunity_id, remind_before, created_by)
       select t.key, t.title, t.owner, t.lead_id, t.account_id, t.campaign_id, t.enrolment_id, t.step_id, t.once, t.awaited,
              array(select jsonb_array_elements_text(t.outcomes)), t.due_at, coalesce(t.first_look_at, t.due_at), t.test,
              t.kind, t.source, t.details, t.opportunity_id, t.remind_before, t.created_by
         from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::boolean[], $10::boolean[],
                     $11::jsonb[], $12::timestamptz[], $13::boolean[], $14::text[], $15::text[], $16::text[], $17::uuid[], $18::text[], $19::text[],
                     $20::timestamptz[])
           as t (key, title, owner, lead_id, account_id, campaign_id, enrolment_id, step_id, once, awaited, outcomes, due_at, test,
                 kind, source, details, opportunity_id, remind_before, created_by, first_look_at)
       on conflict (task_key) do nothing
       returning *),
     noted as (
       insert into journal (kind, lead_id, campaign_id, enrolment_id, step_id, opportunity_id, because)
       select 'task_opened', o.lead_id, o.campaign_id, o.enrolment_id, o.step_id, o.opportunity_id,
              jsonb_build_object('task', o.id, 'title', o.title, 'rep', r.id, 'name', r.name, 'due', o.due_at)
         from opened o join rep r on r.id = o.owner_rep_id order by o.id)
     select id from opened order by id`,
    [
      firsts.map(({ key }) => key),
      given.map((one) => one.title),
      owners,
      given.map((one) => one.leadId),
      firsts.map(({ accountId }) => accountId),
      given.map((one) => one.campaignId),
      given.map((one) => one.enrolmentId),
      given.map((one) => one.stepId),
      given.map((one) => one.once),
      given.map((one) => one.awaited),
      given.map((one) => JSON.stringify(one.outcomes)),
      given.map((one) => one.dueAt),
      given.map((one) => one.test),
      given.map((one) => one.kind ?? 'custom'),
      given.map((one) => one.source ?? (one.taskKey.startsWith('reply/') ? 'reply' : 'campaign')),
      given.map((one) => one.details ?? null),
      given.map((one) => one.opportunityId ?? null),
      given.map((one) => one.remindBefore ?? null),
      given.map((one) => one.createdBy ?? null),
      given.map((one) => one.firstLookAt ?? null),
    ],
  );
  return rows.map(({ id }) => id);
}
