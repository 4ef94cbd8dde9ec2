import type { DayBounds } from '../../domain/tasks/day.ts';
import { CALLED } from '../person.ts';
import type { Queryable } from '../pool.ts';
import { taskColumns, taskTables, type TaskView } from '../tasks-read.ts';

/** Some of what there is, the most pressing first, and how much there is. */
export interface Some<T> {
  total: number;
  items: T[];
}

/** An opportunity that waits for its rep. */
export interface Waiting {
  id: string;
  state: 'offered' | 'accepted';
  epoch: number;
  lead: { id: string; name: string; email: string | null; phone: string | null };
  company: string | null;
  /** Offered, or accepted, then. */
  since: Date;
  /** When the ladder's next rung falls due. */
  nextLookAt: Date;
  breached: boolean;
  urgent: boolean;
}

/** A mail of a sequence that waits to be looked through. */
export interface WaitingDraft {
  id: string;
  subject: string | null;
  lead: { id: string; name: string };
  company: string | null;
  dueAt: Date;
}

/** A meeting that somebody booked. */
export interface Meeting {
  name: string;
  lead: { id: string; name: string };
  company: string | null;
  startsAt: Date;
  location: string | null;
}

export interface Day {
  repId: string;
  /** Due before this moment (on another day than today: before it begins). */
  overdue: Some<TaskView>;
  today: Some<TaskView>;
  /** In the seven days after it. */
  soon: Some<TaskView>;
  /** People who wrote, and whom nobody has answered yet. */
  replies: Some<TaskView>;
  offers: Some<Waiting>;
  toTouch: Some<Waiting>;
  drafts: Some<WaitingDraft>;
  meetings: Some<Meeting>;
}

/** Whose day, and which. */
export interface Asked {
  repId: string;
  bounds: DayBounds;
}

const company = `coalesce(a.name, l.company, a.domain)`;

/** The days of these reps: what is to be done, answered, accepted, looked through. A fixed number of statements; `limit` of each kind, all counted. */
export async function readDays(tx: Queryable, asked: readonly Asked[], limit: number): Promise<Day[]> {
  if (asked.length === 0) return [];
  const tasks = await tasksOf(tx, asked, limit);
  const waiting = await opportunitiesOf(tx, asked, limit);
  const drafts = await draftsOf(tx, asked, limit);
  const meetings = await meetingsOf(tx, asked, limit);
  return asked.map(({ repId }) => ({
    repId,
    overdue: some(tasks, repId, 'overdue'),
    today: some(tasks, repId, 'today'),
    soon: some(tasks, repId, 'soon'),
    replies: some(tasks, repId, 'replies'),
    offers: some(waiting, repId, 'offered'),
    toTouch: some(waiting, repId, 'accepted'),
    drafts: some(drafts, repId, 'drafts'),
    meetings: some(meetings, repId, 'meetings'),
  }));
}

/** Whether anything of it waits for the rep: the days to come alone are no reason to be up. */
export const isEmpty = ({ overdue, today, replies, offers, toTouch, drafts, meetings }: Day): boolean =>
  [overdue, today, replies, offers, toTouch, drafts, meetings].every(({ total }) => total === 0);

interface Row<T> {
  repId: string;
  bucket: string;
  total: number;
  item: T;
}

function some<T>(rows: readonly Row<T>[], repId: string, bucket: string): Some<T> {
  const mine = rows.filter((row) => row.repId === repId && row.bucket === bucket);
  return { total: mine[0]?.total ?? 0, items: mine.map(({ item }) => item) };
}

async function tasksOf(tx: Queryable, asked: readonly Asked[], limit: number): Promise<Row<TaskView>[]> {
  const { rows } = await tx.query<Omit<Row<TaskView>, 'item'> & TaskView>(
    `with w as (select * from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[]) as w (rep_id, overdue_at, day_end, soon_end)),
     chosen as (
       select w.rep_id, b.* from w cross join lateral (
         select t.id as task_id, t.bucket, t.n, t.total from (
           select o.id, o.bucket, row_number() over (partition by o.bucket order by o.due_at, o.id) as n, count(*) over (partition by o.bucket)::int as total
             from (select t.id, t.due_at,
                          case when t.source = 'reply' then 'replies' when t.due_at < w.overdue_at then 'overdue' when t.due_at < w.day_end then 'today' else 'soon' end as bucket
                     from task t
                    where t.owner_rep_id = w.rep_id and t.state = 'open' and (t.due_at < w.soon_end or t.source = 'reply')
                      and (t.snoozed_until is null or t.snoozed_until <= clock())) o) t
          where t.n <= $5) b)
     select picked.rep_id as "repId", picked.bucket, picked.total, ${taskColumns}
       from chosen picked join ${taskTables.replace('task t join', 'task t on t.id = picked.task_id join')}
      order by picked.rep_id, picked.bucket, picked.n`,
    [...columns(asked), limit],
  );
  return rows.map(({ repId, bucket, total, ...item }) => ({ repId, bucket, total, item }));
}

const columns = (asked: readonly Asked[]): unknown[] => [
  asked.map((one) => one.repId),
  asked.map(({ bounds }) => (bounds.today ? bounds.now : bounds.from)),
  asked.map(({ bounds }) => bounds.to),
  asked.map(({ bounds }) => bounds.soon),
];

async function opportunitiesOf(tx: Queryable, asked: readonly Asked[], limit: number): Promise<Row<Waiting>[]> {
  const { rows } = await tx.query<Omit<Row<Waiting>, 'item'> & Waiting>(
    `select w.rep_id as "repId", o.state as bucket, o.total, o.id, o.state, o.epoch, o.since, o.next_look_at as "nextLookAt", o.breached_at is not null as breached,
            o.urgent, jsonb_build_object('id', l.id, 'name', ${CALLED}, 'email', l.email, 'phone', l.phone) as lead, ${company} as company
       from unnest($1::uuid[]) as w (rep_id)
       cross join lateral (
         select * from (
           select p.id, p.lead_id, p.account_id, p.state, p.epoch, p.next_look_at, p.breached_at, p.urgent,
                  case p.state when 'offered' then p.offered_at else p.accepted_at end as since,
                  row_number() over (partition by p.state order by p.urgent desc, p.next_look_at, p.id) as n, count(*) over (partition by p.state)::int as total
             from (select * from opportunity where owner_rep_id = w.rep_id and closed_at is null and state in ('offered', 'accepted')
                   union all
                   select * from opportunity where asked_rep_id = w.rep_id and closed_at is null and state = 'offered') p
            where p.snoozed_until is null or p.snoozed_until <= clock()) p
          where p.n <= $2) o
       join lead l on l.id = o.lead_id left join account a on a.id = o.account_id
      order by w.rep_id, o.state, o.n`,
    [asked.map((one) => one.repId), limit],
  );
  return rows.map(({ repId, bucket, total, ...item }) => ({ repId, bucket, total, item }));
}

async function draftsOf(tx: Queryable, asked: readonly Asked[], limit: number): Promise<Row<WaitingDraft>[]> {
  const { rows } = await tx.query<Omit<Row<WaitingDraft>, 'item'> & WaitingDraft>(
    `select w.rep_id as "repId", 'drafts' as bucket, d.total, d.id, d.subject, d.due_at as "dueAt", jsonb_build_object('id', l.id, 'name', ${CALLED}) as lead, ${company} as company
       from unnest($1::uuid[]) as w (rep_id)
       cross join lateral (
         select * from (
           select d.*, row_number() over (order by d.due_at, d.id) as n, count(*) over ()::int as total from draft d
            where d.rep_id = w.rep_id and d.state = 'open') d where d.n <= $2) d
       join lead l on l.id = d.lead_id left join account a on a.id = l.account_id
      order by w.rep_id, d.n`,
    [asked.map((one) => one.repId), limit],
  );
  return rows.map(({ repId, bucket, total, ...item }) => ({ repId, bucket, total, item }));
}

async function meetingsOf(tx: Queryable, asked: readonly Asked[], limit: number): Promise<Row<Meeting>[]> {
  const { rows } = await tx.query<Omit<Row<Meeting>, 'item'> & Meeting>(
    `select w.rep_id as "repId", 'meetings' as bucket, m.total, m.name, m.location, m.starts_at as "startsAt",
            jsonb_build_object('id', l.id, 'name', ${CALLED}) as lead, ${company} as company
       from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as w (rep_id, day_start, day_end)
       cross join lateral (
         select * from (
           select m.*, row_number() over (order by m.starts_at, m.uri) as n, count(*) over ()::int as total from meeting m
            where m.rep_id = w.rep_id and m.state = 'booked' and m.starts_at >= w.day_start and m.starts_at < w.day_end) m where m.n <= $4) m
       join lead l on l.id = m.lead_id left join account a on a.id = l.account_id
      order by w.rep_id, m.n`,
    [asked.map((one) => one.repId), asked.map(({ bounds }) => bounds.from), asked.map(({ bounds }) => bounds.to), limit],
  );
  return rows.map(({ repId, bucket, total, ...item }) => ({ repId, bucket, total, item }));
}
