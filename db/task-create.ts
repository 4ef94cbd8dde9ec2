import type { Calendar } from '../domain/calendar/calendar.ts';
import { type Duration, plus } from '../domain/calendar/duration.ts';
import { TendrilError } from '../domain/errors.ts';
import { reminderAt } from '../domain/tasks/reminder.ts';
import { outcomesFor, type TaskKind, type TaskSource } from '../domain/tasks/kinds.ts';
import type { Recipient } from '../domain/tasks/recipient.ts';
import { readClock } from './clock.ts';
import { findLeadId } from './leads-read.ts';
import type { Queryable } from './pool.ts';
import { loadSla } from './sla.ts';
import { openTasks } from './tasks.ts';
import type { Woken } from './wakes.ts';

/** A task that a person asks for. Whom it is about: a lead, a company, or an opportunity and its first lead. */
export interface AskedTask {
  /** Names it, so that asking twice asks once. */
  key: string;
  about: { lead: string } | { account: string } | { opportunity: string };
  title: string;
  kind: TaskKind;
  source: TaskSource;
  details?: string | null;
  to: Recipient;
  outcomes?: readonly string[] | undefined;
  due: Date;
  remindBefore?: Duration | null;
  createdBy: string;
}

/**
 * Opens a task by hand. Answers its id, whether it is new (a key that was used before names the task of that time), and whom it woke.
 * Throws `not_found` for a lead, company or opportunity that is not there, `conflict` where the firm has nobody.
 */
export async function createTask(tx: Queryable, asked: AskedTask): Promise<{ id: string; created: boolean; woken: Woken[] }> {
  const { leadId, accountId, opportunityId, test } = await aboutWhom(tx, asked.about);
  const [{ now }, zone] = [await readClock(tx), await workTimeOfAll(tx)];
  const { opened, woken } = await openTasks(tx, [
    {
      taskKey: asked.key,
      title: asked.title,
      kind: asked.kind,
      source: asked.source,
      details: asked.details ?? null,
      to: asked.to,
      pool: null,
      leadId,
      accountId,
      opportunityId,
      campaignId: null,
      enrolmentId: null,
      stepId: null,
      outcomes: outcomesFor(asked.kind, asked.outcomes),
      once: false,
      awaited: false,
      dueAt: asked.due,
      remindBefore: asked.remindBefore ?? null,
      firstLookAt: reminderAt(asked.due, asked.remindBefore ?? null, now, zone.timezone, zone),
      createdBy: asked.createdBy,
      test,
    },
  ]);
  if (opened[0]) return { id: opened[0], created: true, woken };
  const { rows } = await tx.query<{ id: string }>('select id from task where task_key = $1', [asked.key]);
  return { id: rows[0]!.id, created: false, woken };
}

interface Whom {
  leadId: string | null;
  accountId: string | null;
  opportunityId: string | null;
  test: boolean;
}

async function aboutWhom(tx: Queryable, about: AskedTask['about']): Promise<Whom> {
  if ('lead' in about) {
    const leadId = await findLeadId(tx, about.lead);
    const { rows } = await tx.query<Whom>(
      `select id as "leadId", account_id as "accountId", null::uuid as "opportunityId", test from lead where id = $1`,
      [leadId],
    );
    if (rows[0]) return rows[0];
    throw new TendrilError('not_found', 'There is no such lead');
  }
  const { rows } =
    'account' in about
      ? await tx.query<Whom>(
          `select null::uuid as "leadId", id as "accountId", null::uuid as "opportunityId", false as test from account where id = $1`,
          [about.account],
        )
      : await tx.query<Whom>(
          `select lead_id as "leadId", account_id as "accountId", id as "opportunityId", test from opportunity where id = $1`,
          [about.opportunity],
        );
  if (rows[0]) return rows[0];
  throw new TendrilError('not_found', `There is no such ${'account' in about ? 'account' : 'opportunity'}`);
}

/** An instant as it is written, or a length of time from now: business days are those of the workspace. */
export async function instantFrom(tx: Queryable, written: string): Promise<Date> {
  if (!/^\d+[a-z]+$/.test(written)) return new Date(written);
  const work = await workTimeOfAll(tx);
  return plus((await readClock(tx)).now, written as Duration, work.timezone, work);
}

/** The workspace's own zone, hours and holidays. */
export async function workTimeOfAll(tx: Queryable): Promise<Calendar & { timezone: string }> {
  const { rows } = await tx.query<{ timezone: string }>('select timezone from workspace');
  const { timezone } = rows[0]!;
  const { hours, holidays } = (await loadSla(tx)).work({ hours: null, timezone });
  return { timezone, hours, holidays };
}
