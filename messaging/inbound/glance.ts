import { header } from '../../domain/inbound/mail.ts';
import { sendOfMessageId } from '../message.ts';
import { parseMail } from './parse.ts';

/** What a glance at a mail's headers tells: enough to know whether it is for us. */
export interface Glanced {
  from: string | null;
  /** Mails of the ledger that it may answer. */
  answers: string[];
  /** A mail server's, which says below what it is about. */
  report: boolean;
}

/** Null where nobody need look further: a mail of our own, or one that cannot be read. */
export async function glanceAt(head: Buffer): Promise<Glanced | null> {
  try {
    const mail = await parseMail(head);
    if (mail.headers.has('x-tendril-send')) return null;
    const from = mail.from?.address ?? null;
    const report = /^multipart\/report\b/i.test(header(mail, 'content-type')) || /^(mailer-daemon|postmaster)@/.test(from ?? '');
    return { from, report, answers: mail.answers.flatMap((id) => sendOfMessageId(id) ?? []) };
  } catch {
    return null;
  }
}
