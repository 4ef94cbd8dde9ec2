import type { Addressee } from '../../db/opportunity-mail.ts';
import type { NewSend } from '../../db/sends.ts';
import { signLink } from '../../messaging/links.ts';

/** What an accept or reject link says: opportunity, epoch, and the rep it was made for. */
export interface AnswerLink {
  o: string;
  e: number;
  r: string;
}

export interface MailSettings {
  publicUrl: string;
  /** Signs the links. */
  secret: string;
}

/** The links with which this rep, and nobody else, may answer this offer, until `expires` (workspace time). */
export function answerLinks({ publicUrl, secret }: MailSettings, opportunityId: string, epoch: number, repId: string, expires: Date) {
  const link: AnswerLink = { o: opportunityId, e: epoch, r: repId };
  return {
    acceptUrl: `${publicUrl}/o/${signLink(secret, 'accept', link, expires)}`,
    rejectUrl: `${publicUrl}/o/${signLink(secret, 'reject', link, expires)}`,
  };
}

/** What a link says with which whoever has a lead tells how it stands. */
export interface CaseLink {
  o: string;
  r: string;
}

/** The link with which this rep, while they have the lead, says that they have talked, puts it off, or gives it back. */
export function caseLink({ publicUrl, secret }: MailSettings, opportunityId: string, repId: string, expires: Date): string {
  const link: CaseLink = { o: opportunityId, r: repId };
  return `${publicUrl}/o/${signLink(secret, 'case', link, expires)}`;
}

/** Tells a manager, once a day, that nobody can take from a queue. */
export function unstaffedMail(pool: { id: string; name: string; waiting: number; date: string }, to: Addressee): NewSend {
  return {
    sendKey: `${pool.id}/${pool.date}/unstaffed/${to.id}`,
    class: 'internal',
    priority: 80,
    repId: to.id,
    template: 'queue-unstaffed',
    params: { rep: { name: to.name, timezone: to.timezone }, pool: pool.name, waiting: pool.waiting },
  };
}
