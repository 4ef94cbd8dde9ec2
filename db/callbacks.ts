import { plus } from '../domain/calendar/duration.ts';
import { type CallbackRule, callbackOutcomes, callbacksSchema, owedFor, type Served } from '../domain/tasks/callbacks.ts';
import { recipientOf } from '../domain/tasks/recipient.ts';
import { reminderAt } from '../domain/tasks/reminder.ts';
import { readClock } from './clock.ts';
import { currentDocument } from './documents.ts';
import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { workTimeOfAll } from './task-create.ts';
import type { NewTask } from './tasks.ts';

/** Records in one go. */
const BATCH = 1_000;

async function rulesOf(tx: Queryable): Promise<{ rules: CallbackRule[]; version: number }> {
  const stored = await currentDocument(tx, 'callbacks');
  return stored ? { rules: callbacksSchema.parse(stored.body).rules, version: stored.version } : { rules: [], version: 0 };
}

/**
 * Plans the calls that these records owe as they stand now: a new one is armed, one that is planned moves with the record's date, one whose record says
 * something else is called off, and its task too, if nobody has answered it. Doing it again changes nothing. One statement where no rules are.
 */
export async function planCallbacks(tx: Queryable, records: readonly { kind: string; externalId: string }[]): Promise<void> {
  if (records.length === 0) return;
  const { rules } = await rulesOf(tx);
  if (rules.length === 0) return;
  const { rows } = await tx.query<{ id: string }>(
    'select r.id from unnest($1::text[], $2::text[]) as o (kind, external_id) join record r using (kind, external_id)',
    [records.map(({ kind }) => kind), records.map(({ externalId }) => externalId)],
  );
  const ids = rows.map(({ id }) => id);
  await plan(tx, ids, rules);
}

async function plan(
  tx: Queryable,
  recordIds: readonly string[],
  rules: readonly CallbackRule[],
  { notBefore }: { notBefore?: Date } = {},
): Promise<void> {
  const { rows } = await tx.query<Served>(
    `select id, kind, status, status_since as "statusSince", dates from record where id = any($1::uuid[]) order by id`,
    [recordIds],
  );
  const work = await workTimeOfAll(tx);
  const owed = owedFor(rows, rules, work.timezone, work).filter(({ dueAt }) => !notBefore || dueAt >= notBefore);
  await callOff(tx, recordIds, owed);
  await tx.query(
    `insert into callback (rule, record_id, since, due_at)
     select * from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) as o (rule, record_id, since, due_at) order by record_id, rule
     on conflict (rule, record_id, since) do update set due_at = excluded.due_at, state = 'armed'
       where callback.state in ('armed', 'cancelled') and callback.task_id is null and (callback.due_at, callback.state) is distinct from (excluded.due_at, 'armed')`,
    [owed.map((one) => one.rule), owed.map((one) => one.recordId), owed.map((one) => one.since), owed.map((one) => one.dueAt)],
  );
}

/** What is not owed any more: planned calls, and tasks that nobody has answered yet. A task that stands for other records too stays. */
async function callOff(
  tx: Queryable,
  recordIds: readonly string[],
  owed: readonly { rule: string; recordId: string; since: Date }[],
): Promise<void> {
  const { rows } = await tx.query<{ taskId: string }>(
    `with owed as (select * from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as o (rule, record_id, since)),
     moot as materialized (
       select c.rule, c.record_id, c.since from callback c
        where c.record_id = any($1::uuid[]) and c.state <> 'cancelled'
          and not exists (select from owed o where o.rule = c.rule and o.record_id = c.record_id and c.since = o.since)
        order by c.record_id, c.rule, c.since for no key update),
     off as (
       update callback c set state = 'cancelled', task_id = null from moot m, callback was
        where (c.rule, c.record_id, c.since) = (m.rule, m.record_id, m.since) and (was.rule, was.record_id, was.since) = (m.rule, m.record_id, m.since)
       returning was.task_id, c.rule, c.record_id, c.since)
     select distinct off.task_id as "taskId" from off
      where off.task_id is not null
        and not exists (select from callback c where c.task_id = off.task_id and not exists (
              select from off o where (o.rule, o.record_id, o.since) = (c.rule, c.record_id, c.since)))`,
    [recordIds, owed.map((one) => one.rule), owed.map((one) => one.recordId), owed.map((one) => one.since)],
  );
  if (rows.length === 0) return;
  const { rows: closed } = await tx.query<{ id: string; title: string; name: string; leadId: string | null }>(
    `update task t set state = 'cancelled', closed_at = clock(), next_look_at = null, note = 'what it was about is not so any more'
       from rep r where t.id = any($1::uuid[]) and t.state = 'open' and r.id = t.owner_rep_id
     returning t.id, t.title, r.name, t.lead_id as "leadId"`,
    [rows.map(({ taskId }) => taskId)],
  );
  await writeJournal(
    tx,
    closed.map(({ id, title, name, leadId }) => ({ kind: 'task_cancelled', leadId, because: { task: id, title, name, by: 'record' } })),
  );
}

/**
 * Follows a newer version of the document, once: calls of rules that are gone are called off, and new rules look at the records whose call would still be to
 * come. Nobody is flooded with calls for deliveries of long ago.
 */
export async function replanCallbacks(tx: Queryable): Promise<void> {
  const { rows: planned } = await tx.query<{ version: number }>(
    `select version from callback_plan
      where version <> coalesce((select max(version) from document where kind = 'callbacks' and key = 'default'), 0) for update skip locked`,
  );
  if (!planned[0]) return;
  const { rules, version } = await rulesOf(tx);
  const { now } = await readClock(tx);
  await tx.query(`update callback set state = 'cancelled' where state = 'armed' and rule <> all($1)`, [rules.map(({ key }) => key)]);
  const { rows } = await tx.query<{ id: string }>(
    `select id from record r where exists (
       select from unnest($1::text[], $2::text[]) as o (kind, status) where o.kind = r.kind and o.status = r.status) order by id`,
    [rules.map(({ on }) => on.record), rules.map(({ on }) => on.status)],
  );
  for (let from = 0; from < rows.length; from += BATCH) {
    const ids = rows.slice(from, from + BATCH).map(({ id }) => id);
    await plan(tx, ids, rules, { notBefore: now });
  }
  await tx.query('update callback_plan set version = $1', [version]);
}

interface Due {
  rule: string;
  recordId: string;
  since: Date;
  sinceText: string;
  kind: string;
  externalId: string;
  status: string;
  products: string[];
  leadId: string | null;
  accountId: string | null;
  test: boolean;
  /** The task of the same rule that stands open for the company. */
  openId: string | null;
}

/**
 * The calls whose time has come, locked, as tasks to open: the caller opens them and says so by `callbacksOpened`. One that shares the open task of its
 * company is settled here. A record without a person is about its company alone; without either nobody can be called.
 */
export async function dueCallbacks(tx: Queryable): Promise<{ due: Due[]; tasks: NewTask[] }> {
  const { rules } = await rulesOf(tx);
  const byKey = new Map(rules.map((one) => [one.key, one]));
  const { rows } = await tx.query<Due>(
    `select c.rule, c.record_id as "recordId", c.since, c.since::text as "sinceText", r.kind, r.external_id as "externalId", r.status, r.products,
            r.lead_id as "leadId", coalesce(r.account_id, l.account_id) as "accountId", coalesce(l.test, false) as test,
            (select t.id from callback o join task t on t.id = o.task_id
              where o.rule = c.rule and t.account_id = coalesce(r.account_id, l.account_id) and t.state = 'open' limit 1) as "openId"
       from callback c join record r on r.id = c.record_id left join lead l on l.id = r.lead_id
      where c.state = 'armed' and c.due_at <= clock() order by c.due_at, c.record_id limit 500 for no key update of c skip locked`,
  );
  const wanted = rows.filter(({ rule, leadId, accountId }) => byKey.has(rule) && (leadId ?? accountId) !== null);
  await settle(
    tx,
    'cancelled',
    rows.filter((one) => !wanted.includes(one)).map((one) => ({ ...one, taskId: null })),
  );
  const alone = (one: Due): boolean => byKey.get(one.rule)!.once === 'record' || one.accountId === null;
  await settle(
    tx,
    'shared',
    wanted.flatMap((one) => (!alone(one) && one.openId ? [{ ...one, taskId: one.openId }] : [])),
  );
  const left = wanted.filter((one) => alone(one) || one.openId === null);
  const firsts = left.filter(
    (one, n) => alone(one) || left.findIndex((other) => other.rule === one.rule && other.accountId === one.accountId) === n,
  );
  const [{ now }, work] = [await readClock(tx), await workTimeOfAll(tx)];
  return { due: left, tasks: firsts.map((one) => taskOf(one, byKey.get(one.rule)!, now, work)) };
}

const keyOf = ({ rule, recordId, sinceText }: Due): string => `callback/${rule}/${recordId}/${sinceText}`;

function taskOf(one: Due, rule: CallbackRule, now: Date, work: Awaited<ReturnType<typeof workTimeOfAll>>): NewTask {
  const { title, kind, to, due, remindBefore } = rule.task;
  const dueAt = plus(now, due, work.timezone, work);
  return {
    taskKey: keyOf(one),
    title,
    kind,
    source: 'callback',
    details: `${one.kind} ${one.externalId}: ${one.status.replaceAll('_', ' ')}${one.products.length > 0 ? ` (${one.products.join(', ')})` : ''}`,
    to: recipientOf(to),
    pool: null,
    leadId: one.leadId,
    accountId: one.accountId,
    campaignId: null,
    enrolmentId: null,
    stepId: null,
    outcomes: callbackOutcomes(rule),
    once: false,
    awaited: false,
    dueAt,
    remindBefore,
    firstLookAt: reminderAt(dueAt, remindBefore, now, work.timezone, work),
    test: one.test,
  };
}

/** The tasks of these calls stand open now. Others of one company share the first one’s. */
export async function callbacksOpened(tx: Queryable, due: readonly Due[]): Promise<void> {
  const { rows } = await tx.query<{ id: string; key: string }>('select id, task_key as key from task where task_key = any($1)', [
    due.map(keyOf),
  ]);
  const byKey = new Map(rows.map(({ id, key }) => [key, id]));
  const own = due.flatMap((one) => (byKey.has(keyOf(one)) ? [{ ...one, taskId: byKey.get(keyOf(one))! }] : []));
  const shared = due.flatMap((one) => {
    const first = byKey.has(keyOf(one)) ? undefined : own.find(({ rule, accountId }) => rule === one.rule && accountId === one.accountId);
    return first ? [{ ...one, taskId: first.taskId }] : [];
  });
  await settle(tx, 'opened', own);
  await settle(tx, 'shared', shared);
}

async function settle(
  tx: Queryable,
  state: 'opened' | 'shared' | 'cancelled',
  which: readonly (Due & { taskId: string | null })[],
): Promise<void> {
  if (which.length === 0) return;
  await tx.query(
    `update callback c set state = $1, task_id = s.task_id from unnest($2::text[], $3::uuid[], $4::text[], $5::uuid[]) as s (rule, record_id, since, task_id)
      where c.rule = s.rule and c.record_id = s.record_id and c.since = s.since::timestamptz and c.state = 'armed'`,
    [
      state,
      which.map((one) => one.rule),
      which.map((one) => one.recordId),
      which.map((one) => one.sinceText),
      which.map((one) => one.taskId),
    ],
  );
}
