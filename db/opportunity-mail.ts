import { partnerCard } from '../domain/routing/partner-card.ts';
import { whyHandedOver } from '../domain/routing/why.ts';
import { asRouted, routedShort } from '../domain/routing/words.ts';
import type { Card } from './cards.ts';
import type { Rep } from './reps.ts';
import type { NewSend } from './sends.ts';

/** Whom a mail about an opportunity goes to. */
export type Addressee = Pick<Rep, 'id' | 'name' | 'timezone'> & Partial<Pick<Rep, 'key' | 'partner'>>;
type What = 'rep-lead-card' | 'rep-nudge' | 'manager-escalation' | 'sla-breach' | 'partner-returned';

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

function shownCard({ opportunityId: _, leadId: __, because, routing, ...card }: Card, rep?: string) {
  const routed = asRouted(routing);
  return { ...card, why: whyHandedOver(card.source, because), routed: routed && routedShort(routed, rep) };
}
