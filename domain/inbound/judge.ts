import { type AutoReply, autoReplyOf } from './auto-reply.ts';
import { bounceOf, type Report } from './bounce.ts';
import { feedbackOf } from './complaint.ts';
import { header, type InboundMail } from './mail.ts';
import { type Returned, returnedOf } from './returned.ts';
import { asksToLeave, saidIn } from './said.ts';

/**
 * What a mail that came in is:
 * - `bounce`: reports of a mail server; `complaint`: somebody called a mail of ours spam; `leave`: they want no more of them;
 * - `auto_reply`: a machine answered for a person; `reply`: the person did;
 * - `automatic`: nothing to act on: receipts, lists, reports about other things, mail of our own.
 */
export type Judged =
  | { kind: 'bounce'; reports: Report[]; returned: Returned }
  | { kind: 'complaint'; addresses: string[]; returned: Returned }
  | { kind: 'leave'; addresses: string[]; returned: Returned }
  | ({ kind: 'auto_reply' } & AutoReply)
  | { kind: 'reply'; said: string }
  | { kind: 'automatic'; what: 'receipt' | 'list' | 'feedback' | 'ours' };

const NOTHING: Returned = { messageIds: [], sendKeys: [], addresses: [] };

/**
 * Tells what a mail is, whatever it calls itself: many bounces carry `Auto-Submitted: auto-replied`, and many out-of-office notes lack it, so what a mail
 * is made of comes first, then its headers, then its subject, and its words last. `receivedAt`: for dates it says without a year.
 */
export function judgeMail(mail: InboundMail, receivedAt: Date): Judged {
  const feedback = feedbackOf(mail);
  if (feedback?.kind === 'other') return { kind: 'automatic', what: 'feedback' };
  if (feedback) return { kind: feedback.kind, addresses: feedback.addresses, returned: returnedOf(mail) };
  const reports = bounceOf(mail);
  if (reports) return { kind: 'bounce', reports, returned: returnedOf(mail) };
  if (isReceipt(mail)) return { kind: 'automatic', what: 'receipt' };
  // A colleague's mailbox that is read here gets what we tell them.
  if (mail.headers.has('x-tendril-send')) return { kind: 'automatic', what: 'ours' };
  const auto = autoReplyOf(mail, receivedAt);
  if (auto) return { kind: 'auto_reply', ...auto };
  if (isList(mail)) return { kind: 'automatic', what: 'list' };
  const said = saidIn(mail.text);
  return asksToLeave(said, mail.subject) ? { kind: 'leave', addresses: [], returned: NOTHING } : { kind: 'reply', said };
}

/** "Was read", "was deleted unread": RFC 8098. */
function isReceipt({ reports, headers }: InboundMail): boolean {
  return (
    reports.some(({ type }) => type === 'message/disposition-notification') ||
    (headers.get('content-type') ?? []).some((type) => /report-type="?disposition-notification/i.test(type))
  );
}

/** A mail to many that answers nothing of ours. A person may answer through a list. */
function isList(mail: InboundMail): boolean {
  if (mail.answers.length > 0) return false;
  return /^(bulk|list|junk)$/i.test(header(mail, 'precedence')) || mail.headers.has('list-unsubscribe');
}
