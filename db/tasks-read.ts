import { cutPage, type Place } from './keyset.ts';
import type { Queryable } from './pool.ts';

export type TaskState = 'open' | 'done' | 'cancelled';

/** A task as it is read. */
export interface TaskView {
  id: string;
  title: string;
  state: TaskState;
  owner: { key: string; name: string };
  lead: { id: string; name: string | null; email: string | null; phone: string | null; company: string | null };
  account: { id: string; name: string | null; domain: string | null } | null;
  campaign: string | null;
  step: string | null;
  outcomes: string[];
  outcome: string | null;
  note: string | null;
  dueAt: Date;
  overdue: boolean;
  createdAt: Date;
  closedAt: Date | null;
  test: boolean;
}

const columns = `t.id, t.title, t.state, jsonb_build_object('key', r.key, 'name', r.name) as owner,
  jsonb_build_object('id', l.id, 'name', coalesce(l.name, nullif(concat_ws(' ', l.first_name, l.last_name), '')), 'email', l.email, 'phone', l.phone,
                     'company', coalesce(a.name, l.company)) as lead,
  case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name, 'domain', a.domain) end as account,
  c.key as campaign, t.step_id as step, t.outcomes, t.outcome, t.note, t.due_at as "dueAt", t.state = 'open' and t.due_at < clock() as overdue,
  t.created_at as "createdAt", t.closed_at as "closedAt", t.test`;
const tables = `task t join rep r on r.id = t.owner_rep_id join lead l on l.id = t.lead_id left join account a on a.id = t.account_id
  left join campaign c on c.id = t.campaign_id`;

export interface TaskFilter {
  /** Key of a rep. */
  owner?: string;
  state?: TaskState;
  leadId?: string;
  /** Only what is due before this instant. */
  dueBefore?: Date;
  test: 'exclude' | 'include' | 'only';
}

/** One page of tasks, soonest due first. */
export async function listTasks(tx: Queryable, filter: TaskFilter, limit: number, after: Place | null) {
  const { rows } = await tx.query<TaskView & { place: Place }>(
    `select ${columns}, jsonb_build_object('at', t.due_at::text, 'id', t.id) as place from ${tables}
      where ($1::text is null or r.key = $1) and ($2::text is null or t.state = $2) and ($3::uuid is null or t.lead_id = $3)
        and ($4::timestamptz is null or t.due_at < $4) and ($5 = 'include' or t.test = ($5 = 'only'))
        and ($6::timestamptz is null or (t.due_at, t.id) > ($6::timestamptz, $7::uuid))
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
    ],
  );
  return cutPage(rows, limit);
}

/** One task, or null. */
export async function findTask(tx: Queryable, id: string): Promise<TaskView | null> {
  const { rows } = await tx.query<TaskView>(`select ${columns} from ${tables} where t.id = $1`, [id]);
  return rows[0] ?? null;
}
