import type { Card } from '../../db/cards.ts';
import type { Rep } from '../../db/reps.ts';
import type { NewSend } from '../../db/sends.ts';
import { whyHandedOver } from '../../domain/routing/why.ts';
import { partnerCard } from '../../domain/routing/partner-card.ts';
import { asRouted, routedShort } from '../../domain/routing/words.ts';
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

type Addressee = Pick<Rep, 'id' | 'name' | 'timezone'> & Partial<Pick<Rep, 'key' | 'partner'>>;
type What = 'rep-lead-card' | 'rep-nudge' | 'manager-escalation' | 'sla-breach' | 'queue-unstaffed' | 'partner-returned';

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

/**
 * A mail to a rep or manager about an opportunity. Its key is opportunity/epoch/what, so that no step of the ladder is mailed twice;
 * `what` holds the rung where a rung may come again.
 */
export function opportunityMail(
  template: What,
  { card, epoch, what, to, test, params }: { card: Card; epoch: number; what: string; to: Addressee; test: boolean; params: object },
): NewSend {
  return {
    sendKey: `${card.opportunityId}/${epoch}/${what}`,
    class: 'internal',
    priority: 80,
    leadId: card.leadId,
    repId: to.id,
    opportunityId: card.opportunityId,
    template,
    params: { rep: { name: to.name, timezone: to.timezone }, card: shownCard(to.partner ? partnerCard(card) : card, to.key), ...params },
    test,
  };
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

function shownCard({ opportunityId: _, leadId: __, because, routing, ...card }: Card, rep?: string) {
  const routed = asRouted(routing);
  return { ...card, why: whyHandedOver(card.source, because), routed: routed && routedShort(routed, rep) };
}
