import type { Thread } from '../domain/delivery/mail.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Queryable } from './pool.ts';
import { takeGuards } from './turns.ts';

/** A letter that is about to leave: its run, and whether it goes on in the thread. */
export interface Letter {
  id: string;
  enrolmentId: string;
  thread: 'new' | 'reply';
}

/** The thread each of these letters belongs to, by send id: its number in the run, what the first of it was called, and what has left in it. */
export async function loadThreads(tx: Queryable, letters: readonly Letter[]): Promise<Map<string, Thread>> {
  const { rows } = await tx.query<{ sendId: string; enrolmentId: string; thread: number; messageId: string; subject: string }>(
    `select t.send_id as "sendId", t.enrolment_id as "enrolmentId", t.thread, t.message_id as "messageId", t.subject
       from thread_mail t join send s on s.id = t.send_id
      where t.enrolment_id = any($1::uuid[]) and s.state in ('in_flight', 'accepted', 'unknown') order by t.left_at, t.send_id`,
    [[...new Set(letters.map((letter) => letter.enrolmentId))]],
  );
  const left = groupBy(rows, (row) => row.enrolmentId);
  return new Map(
    letters.map(({ id, enrolmentId, thread }): [string, Thread] => {
      const before = (left.get(enrolmentId) ?? []).filter((one) => one.sendId !== id);
      const newest = Math.max(0, ...before.map((one) => one.thread));
      if (thread === 'new' || newest === 0) return [id, { number: newest + 1, subject: null, references: [] }];
      const own = before.filter((one) => one.thread === newest);
      return [id, { number: newest, subject: own[0]!.subject, references: own.map((one) => one.messageId) }];
    }),
  );
}

/** A letter that leaves now. `day`: today's date where its rep is. */
export interface Left {
  sendId: string;
  enrolmentId: string;
  repId: string;
  thread: number;
  messageId: string;
  subject: string;
  day: string;
}

/** Notes what leaves, in the transaction that departs: for its thread, and for its rep's day. */
export async function noteLeft(tx: Queryable, letters: readonly Left[]): Promise<void> {
  if (letters.length === 0) return;
  await tx.query(
    `insert into thread_mail (send_id, enrolment_id, rep_id, thread, message_id, subject, day)
     select send_id, enrolment_id, rep_id, thread, message_id, subject, day
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::date[])
         as t (send_id, enrolment_id, rep_id, thread, message_id, subject, day) order by send_id
     on conflict (send_id) do update
       set rep_id = excluded.rep_id, thread = excluded.thread, message_id = excluded.message_id, subject = excluded.subject, day = excluded.day, left_at = excluded.left_at`,
    [
      letters.map((one) => one.sendId),
      letters.map((one) => one.enrolmentId),
      letters.map((one) => one.repId),
      letters.map((one) => one.thread),
      letters.map((one) => one.messageId),
      letters.map((one) => one.subject),
      letters.map((one) => one.day),
    ],
  );
}

/** Why each of these letters was put off the last time. */
export async function putOffBefore(tx: Queryable, ids: readonly string[]): Promise<Map<string, string | null>> {
  const { rows } = await tx.query<{ id: string; reason: string | null }>('select id, reason from send where id = any($1::uuid[])', [ids]);
  return new Map(rows.map(({ id, reason }) => [id, reason]));
}

/** A rep whose letters would leave: how many do so in a day, and where they live. */
export interface Writer {
  id: string;
  timezone: string;
  active: boolean;
  limit: number;
  /** Answers come to the rep's own mailbox, and nobody can read that at the moment. */
  unread: boolean;
}

/** Looks into a rep's mailbox that fail in a row before it counts as unread, and people are told. */
const UNREAD_AFTER = 3;

export async function loadWriters(tx: Queryable, repIds: readonly string[]): Promise<Map<string, Writer>> {
  const { rows } = await tx.query<Writer>(
    `select r.id, r.timezone, r.active, coalesce(r.personal_mails_a_day, w.personal_mails_a_day) as "limit",
            exists (select from rep_mailbox b join mailbox m on m.key = b.mailbox_key where b.rep_id = r.id and b.active and m.failures >= ${UNREAD_AFTER}) as unread
       from rep r, workspace w where r.id = any($1::uuid[])`,
    [repIds],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Which of these reps' letters have a place in their day, `day` by rep: those of the oldest runs among all that are due, `but` those that are not to
 * leave anyway. Counted under each rep's guard, kept until the commit.
 */
export async function placesOfDay(
  tx: Queryable,
  reps: readonly (Pick<Writer, 'id' | 'limit'> & { day: string })[],
  but: readonly string[],
): Promise<Set<string>> {
  await takeGuards(
    tx,
    reps.map(({ id }) => `rep:${id}`),
  );
  const { rows } = await tx.query<{ id: string }>(
    `select first.id
       from unnest($1::uuid[], $2::date[], $3::int[]) as r (rep_id, day, most)
       cross join lateral (
         select count(*) as used from thread_mail t join send s on s.id = t.send_id
          where t.rep_id = r.rep_id and t.day = r.day and s.state in ('in_flight', 'accepted', 'unknown')) gone
       cross join lateral (
         select s.id from send s join enrolment e on e.id = s.enrolment_id
          where s.class = 'personal' and s.rep_id = r.rep_id and s.settled_at is null and s.state = 'queued' and s.due_at <= (select clock())
            and not s.id = any($4::uuid[])
          order by e.entered_at, e.id, s.id limit greatest(r.most - gone.used, 0)) first`,
    [reps.map(({ id }) => id), reps.map(({ day }) => day), reps.map(({ limit }) => limit), but],
  );
  return new Set(rows.map((row) => row.id));
}
