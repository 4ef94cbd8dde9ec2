import type { Departing } from '../db/mails.ts';
import type { Queryable } from '../db/pool.ts';
import { loadThreads, loadWriters, noteLeft } from '../db/threads.ts';
import { readClock } from '../db/clock.ts';
import { dateAt } from '../domain/calendar/zoned.ts';
import type { Thread } from '../domain/delivery/mail.ts';
import type { PersonalParams } from '../messaging/personal.ts';
import type { OutgoingMessage } from '../messaging/transports/transport.ts';

/** A letter about to leave: whose it is, and the thread it belongs to. */
export interface Letter {
  enrolmentId: string;
  repId: string;
  thread: Thread;
}

/** The letters among these mails, by send id. */
export async function lettersAmong(tx: Queryable, mails: readonly Departing[]): Promise<Map<string, Letter>> {
  const letters = mails.flatMap((departing) => {
    const { id, enrolmentId, repId } = departing;
    if (enrolmentId === null || repId === null) return [];
    const { thread } = departing.mail().params as unknown as PersonalParams;
    return [{ id, enrolmentId, repId, thread }];
  });
  const threads = await loadThreads(tx, letters);
  return new Map(letters.map(({ id, enrolmentId, repId }) => [id, { enrolmentId, repId, thread: threads.get(id)! }]));
}

/** Notes those that leave, for what comes after them in their threads, and for their reps' day. */
export async function noteLetters(tx: Queryable, letters: ReadonlyMap<string, Letter>, going: readonly OutgoingMessage[]): Promise<void> {
  const leaving = going.flatMap(({ id, messageId, subject }) => {
    const letter = letters.get(id);
    return letter ? [{ ...letter, id, messageId, subject }] : [];
  });
  if (leaving.length === 0) return;
  const { now } = await readClock(tx);
  const writers = await loadWriters(tx, [...new Set(leaving.map(({ repId }) => repId))]);
  await noteLeft(
    tx,
    leaving.map(({ id, enrolmentId, repId, thread, messageId, subject }) => ({
      sendId: id,
      enrolmentId,
      repId,
      thread: thread.number,
      messageId,
      subject: thread.subject ?? subject,
      day: dateAt(now, writers.get(repId)!.timezone),
    })),
  );
}
