import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { closeAlerts, raiseAlerts } from '../db/alerts.ts';
import { readClock } from '../db/clock.ts';
import { forgetInbound } from '../db/inbound/read.ts';
import { takeIn } from '../db/inbound/take.ts';
import { isLookDue, mailboxPlace, moveOn, noteFailedLook, noteLook } from '../db/mailboxes.ts';
import type { Poke } from '../domain/loops.ts';
import { type MailboxSettings, type MailInBox, readMailbox } from '../messaging/inbound/imap.ts';
import { judged, type JudgedMail, unreadable } from '../messaging/inbound/judged.ts';
import { parseMail } from '../messaging/inbound/parse.ts';
import { replyMail } from '../messaging/reply-mail.ts';
import type { Look } from '../workflows/loop.ts';
import type { MailSettings } from './qualification/mails.ts';
import type { Chore } from './sweep.ts';

/** The mailbox to read, how often (real ms), and how much of a mail is taken in (bytes). */
export interface ReadBox {
  settings: MailboxSettings;
  everyMs: number;
  limit: number;
}

export interface MailboxDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  mail: MailSettings;
  /** Null: there is none. */
  mailbox: ReadBox | null;
}
export type MailboxActivities = ReturnType<typeof createMailboxActivities>;

/** Mails one look takes in, so that it ends well within its time. */
const AT_ONCE = 100;
/** Looks that fail in a row before somebody is told. */
const TOLD_AFTER = 3;
const LONGEST_PAUSE_MS = 15 * 60_000;

export function createMailboxActivities({ pool, poke, log, mail: settings, mailbox }: MailboxDeps) {
  const forward = replyMail.bind(null, settings);

  /** One mail with its effects and how far we have come, in one transaction: killed in between, it is taken in again, or not. */
  async function take(key: string, { uidValidity, uid, raw }: MailInBox): Promise<void> {
    const read = await readOne(raw);
    const taken = await takeIn(pool, { ...read, raw, channel: 'mailbox' }, { forward }, (tx) => moveOn(tx, key, { uidValidity, uid }));
    taken?.loops.forEach(poke);
    log.info(
      { uid, inbound: taken?.id, kind: read.judged?.kind, state: taken?.finding.state, by: taken?.finding.foundBy },
      'a mail came in',
    );
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

  async function failed({ settings: { key }, everyMs }: ReadBox, failures: number, error: Error): Promise<Look> {
    const reason = error.message.slice(0, 500);
    const nextInMs = Math.min(everyMs * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);
    await noteFailedLook(pool, key, reason, nextInMs);
    log.warn({ reason, failures: failures + 1 }, 'the mailbox could not be read');
    if (failures + 1 >= TOLD_AFTER) await raiseAlerts(pool, [{ kind: 'mailbox_unread', about: key, detail: { reason } }]);
    return { sleepMs: nextInMs };
  }

  return {
    /** Takes in what has come into the mailbox since the last look. */
    async lookIntoMailbox(): Promise<Look> {
      if (!mailbox) return 'done';
      const { key } = mailbox.settings;
      const place = await mailboxPlace(pool, key);
      try {
        const { limit, everyMs } = mailbox;
        const found = await readMailbox(mailbox.settings, place, { most: AT_ONCE, limit, take: (one) => take(key, one) });
        const nextInMs = found.more ? 0 : everyMs;
        await noteLook(pool, key, { ...found, nextInMs });
        if (place.failures >= TOLD_AFTER) await closeAlerts(pool, 'mailbox_unread', [key]);
        return { sleepMs: nextInMs };
      } catch (error) {
        return failed(mailbox, place.failures, error as Error);
      }
    },
  };
}

/** What the sweeper does for mail that comes back: starts the mailbox's loop where none runs, and throws away what was kept for long enough. */
export function inboundChores(mailbox: ReadBox | null, days: number): Chore[] {
  return [
    {
      name: 'the mailbox',
      run: async (tx) => (mailbox && (await isLookDue(tx, mailbox.settings.key)) ? [{ kind: 'mailbox' }] : []),
    },
    { name: 'mail that came in long ago', run: (tx) => forgetInbound(tx, days).then(() => []) },
  ];
}
