import type { TaskKind, TaskSource } from '../domain/tasks/kinds.ts';
import { cutPage, type Place } from './keyset.ts';
import { NAME } from './person.ts';
import type { Queryable } from './pool.ts';

export type TaskState = 'open' | 'done' | 'cancelled';

/** A task as it is read. */
export interface TaskView {
  id: string;
  title: string;
  kind: TaskKind;
  source: TaskSource;
  details: string | null;
  state: TaskState;
  owner: { key: string; name: string };
  lead: { id: string; name: string | null; email: string | null; phone: string | null; company: string | null } | null;
  account: { id: string; name: string | null; domain: string | null } | null;
  opportunity: string | null;
  campaign: string | null;
  step: string | null;
  outcomes: string[];
  outcome: string | null;
  note: string | null;
  dueAt: Date;
  overdue: boolean;
  remindBefore: string | null;
  snoozedUntil: Date | null;
  createdBy: string | null;
  createdAt: Date;
  closedAt: Date | null;
  test: boolean;
}

export const taskColumns = `t.id, t.title, t.kind, t.source, t.details, t.opportunity_id as opportunity, t.state, jsonb_build_object('key', r.key, 'name', r.name) as owner,
  case when l.id is not null then
    jsonb_build_object('id', l.id, 'name', ${NAME}, 'email', l.email, 'phone', l.phone,
                       'company', coalesce(a.name, l.company)) end as lead,
  case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name, 'domain', a.domain) end as account,
  c.key as campaign, t.step_id as step, t.outcomes, t.outcome, t.note, t.due_at as "dueAt", t.state = 'open' and t.due_at < clock() as overdue,
  t.remind_before as "remindBefore", t.snoozed_until as "snoozedUntil", t.created_by as "createdBy",
  t.created_at as "createdAt", t.closed_at as "closedAt", t.test`;
export const taskTables = `task t join rep r on r.id = t.owner_rep_id left join lead l on l.id = t.lead_id left join account a on a.id = t.account_id
  left join campaign c on c.id = t.campaign_id`;

export interface TaskFilter {
  /** Key of a rep. */
  owner?: string;
  state?: TaskState;
  kind?: TaskKind;
  leadId?: string;
  accountId?: string;
  opportunityId?: string;
  /** Only what is due before this instant. */
  dueBefore?: Date;
  test: 'exclude' | 'include' | 'only';
}

/** One page of tasks, soonest due first. */
export async function listTasks(tx: Queryable, filter: TaskFilter, limit: number, after: Place | null) {
  const { rows } = await tx.query<TaskView & { place: Place }>(
    `select ${taskColumns}, jsonb_build_object('at', t.due_at::text, 'id', t.id) as place from ${taskTables}
      where ($1::text is null or r.key = $1) and ($2::text is null or t.state = $2) and ($3::uuid is null or t.lead_id = $3)
        and ($4::timestamptz is null or t.due_at < $4) and ($5 = 'include' or t.test = ($5 = 'only'))
        and ($6::timestamptz is null or (t.due_at, t.id) > ($6::timestamptz, $7::uuid))
        and ($9::text is null or t.kind = $9) and ($10::uuid is null or t.account_id = $10) and ($11::uuid is null or t.opportunity_id = $11)
      order by t.due_at, t.id limit $8`,
    [
      filter.owner ?? null,
      filter.state ?? null,
      filter.leadId ?? null,
      filter.dueBefore ?? null,
      filter.test,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
      filter.kind ?? null,
      filter.accountId ?? null,
      filter.opportunityId ?? null,
    ],
  );
  return cutPage(rows, limit);
}

/** One task, or null. */
export async function findTask(tx: Queryable, id: string): Promise<TaskView | null> {
  const { rows } = await tx.query<TaskView>(`select ${taskColumns} from ${taskTables} where t.id = $1`, [id]);
  return rows[0] ?? null;
}
