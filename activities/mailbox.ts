import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { closeAlerts, raiseAlerts } from '../db/alerts.ts';
import { readClock } from '../db/clock.ts';
import { findNamedSend } from '../db/inbound/find-send.ts';
import { forgetInbound } from '../db/inbound/read.ts';
import { takeIn } from '../db/inbound/take.ts';
import { isLookDue, mailboxPlace, moveOn, noteFailedLook, noteLook } from '../db/mailboxes.ts';
import { boxToRead, concernsUs, dueRepBoxes } from '../db/rep-mailboxes.ts';
import type { Poke } from '../domain/loops.ts';
import { glanceAt } from '../messaging/inbound/glance.ts';
import { type MailboxSettings, type MailInBox, mailboxOf, readMailbox } from '../messaging/inbound/imap.ts';
import { judged, type JudgedMail, unreadable } from '../messaging/inbound/judged.ts';
import { parseMail } from '../messaging/inbound/parse.ts';
import { createRelay } from '../messaging/relay-mail.ts';
import { type ReplySettings, replyMail } from '../messaging/reply-mail.ts';
import { unseal } from '../messaging/seal.ts';
import type { Look } from '../workflows/loop.ts';
import type { Chore } from './sweep.ts';

/** The workspace's mailbox to read; how often any is read (real ms), and how much of a mail is taken in (bytes). */
export interface ReadBox {
  settings: MailboxSettings | null;
  everyMs: number;
  limit: number;
}

export interface MailboxDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  mail: ReplySettings;
  mailbox: ReadBox;
}
export type MailboxActivities = ReturnType<typeof createMailboxActivities>;

/** A rep's own mailbox; without one the workspace's. */
export interface WhoseBox {
  repId?: string;
}

/** Mails one look takes in, so that it ends well within its time. */
const AT_ONCE = 100;
/** Looks that fail in a row before somebody is told. */
const TOLD_AFTER = 3;
const LONGEST_PAUSE_MS = 15 * 60_000;

export function createMailboxActivities({ pool, poke, log, mail: settings, mailbox: { settings: ours, everyMs, limit } }: MailboxDeps) {
  const making = { forward: replyMail.bind(null, settings), relay: createRelay(settings) };

  /** One mail with its effects and how far we have come, in one transaction: killed in between, it is taken in again, or not. */
  async function take(key: string, { uidValidity, uid, raw }: MailInBox, repId: string | undefined): Promise<void> {
    const read = await readOne(raw);
    const pass = (): Promise<void> => moveOn(pool, key, { uidValidity, uid });
    if (repId && !(await isForUs(read))) return pass();
    const incoming = { ...read, raw, channel: 'mailbox' as const, ...(repId && { readBy: repId }) };
    const taken = await takeIn(pool, incoming, making, (tx) => moveOn(tx, key, { uidValidity, uid }));
    taken?.loops.forEach(poke);
    log.info(
      { uid, inbound: taken?.id, kind: read.judged?.kind, state: taken?.finding.state, by: taken?.finding.foundBy },
      'a mail came in',
    );
  }

  /** Of a rep's own mailbox nothing is kept that is not about us: reports of mail servers must name a mail of ours. */
  async function isForUs({ judged: verdict, named }: JudgedMail): Promise<boolean> {
    if (verdict === null || verdict.kind === 'automatic') return false;
    if (verdict.kind === 'reply' || verdict.kind === 'auto_reply' || verdict.kind === 'leave') return true;
    return (await findNamedSend(pool, named)) !== null;
  }

  async function readOne(raw: Buffer): Promise<JudgedMail> {
    const { now } = await readClock(pool);
    try {
      return judged(await parseMail(raw), { secret: settings.secret, receivedAt: now });
    } catch (error) {
      log.warn({ err: error }, 'a mail that came in could not be taken apart');
      return unreadable(raw);
    }
  }

  async function failed(key: string, failures: number, error: Error): Promise<Look> {
    const reason = error.message.slice(0, 500);
    const nextInMs = Math.min(everyMs * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);
    await noteFailedLook(pool, key, reason, nextInMs);
    log.warn({ reason, failures: failures + 1 }, 'the mailbox could not be read');
    if (failures + 1 >= TOLD_AFTER) await raiseAlerts(pool, [{ kind: 'mailbox_unread', about: key, detail: { reason } }]);
    return { sleepMs: nextInMs };
  }

  /** What a rep's mailbox holds for us: whatever else lies in it is none of our business. */
  const glanceOf = (repId: string) => async (head: Buffer) => {
    const seen = await glanceAt(head);
    return seen !== null && (seen.report || concernsUs(pool, repId, seen));
  };

  async function look(box: MailboxSettings, repId: string | undefined): Promise<Look> {
    const { key } = box;
    const place = await mailboxPlace(pool, key);
    try {
      const found = await readMailbox(box, place, {
        most: AT_ONCE,
        limit,
        take: (one) => take(key, one, repId),
        ...(repId && { glance: glanceOf(repId), pass: (at) => moveOn(pool, key, at) }),
      });
      const nextInMs = found.more ? 0 : everyMs;
      await noteLook(pool, key, { ...found, nextInMs });
      if (place.failures >= TOLD_AFTER) await closeAlerts(pool, 'mailbox_unread', [key]);
      return { sleepMs: nextInMs };
    } catch (error) {
      return failed(key, place.failures, error as Error);
    }
  }

  return {
    /** Takes in what has come into a mailbox since the last look. */
    async lookIntoMailbox({ repId }: WhoseBox = {}): Promise<Look> {
      if (!repId) return ours ? look(ours, undefined) : 'done';
      const box = await boxToRead(pool, repId);
      if (!box) return 'done';
      const password = unseal(settings.secret, 'rep mailbox', box.secret);
      if (password !== null) return look(mailboxOf({ ...box, password }), repId);
      const { failures } = await mailboxPlace(pool, box.key);
      return failed(box.key, failures, new Error('The password was sealed with another TENDRIL_SECRET: give it again'));
    },
  };
}

/** What the sweeper does for mail that comes back: starts the mailboxes' loops where none runs, and throws away what was kept for long enough. */
export function inboundChores({ settings }: Pick<ReadBox, 'settings'>, days: number): Chore[] {
  return [
    {
      name: 'the mailbox',
      run: async (tx) => (settings && (await isLookDue(tx, settings.key)) ? [{ kind: 'mailbox' }] : []),
    },
    {
      name: 'mailboxes of reps',
      run: async (tx) => (await dueRepBoxes(tx)).map((repId) => ({ kind: 'mailbox', repId })),
    },
    { name: 'mail that came in long ago', run: (tx) => forgetInbound(tx, days).then(() => []) },
  ];
}
