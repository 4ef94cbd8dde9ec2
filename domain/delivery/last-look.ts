import { type ConsentState, refusal } from '../consent/standing.ts';
import type { Topics } from '../consent/topics.ts';
import type { SendState } from './ledger.ts';
import type { SendClass } from './mail.ts';
import type { Reason } from './reasons.ts';

export type SuppressionKind = 'unsubscribe' | 'bounce' | 'complaint' | 'manual';

/** What is known of a mail at the last moment before the socket. */
export interface LastFacts {
  class: SendClass;
  topic: string | null;
  /** Where it would go. */
  address: string | null;
  sendingStopped: boolean;
  campaignState: string | null;
  tooLate: boolean;
  /** The strongest suppression of the address. */
  suppressed: { kind: SuppressionKind; scope: 'marketing' | 'all' } | null;
  /** What the lead's newest word on the topic comes to; null: nothing was ever said. */
  consent: ConsentState | null;
  /** The lead is with sales, and marketing pauses meanwhile. */
  withSales: boolean;
}

/** Its campaign's word on it: no longer wanted, or not yet. */
export type CampaignWord = { reason: string } | { notBefore: Date; held?: Reason };

export type Verdict =
  | { as: 'go' }
  | { as: Extract<SendState, 'cancelled' | 'suppressed' | 'failed'>; reason: string }
  /** Stays in the queue: not before an instant, where one is known; the reason is told of a mail that waits. */
  | { as: 'queued'; dueAt: Date | null; reason?: string };

/** Whether a mail may still go. The order is from what concerns everybody to what concerns this mail alone. */
export function lastLook(facts: LastFacts, topics: Topics, campaign: CampaignWord | undefined): Verdict {
  if (facts.sendingStopped || facts.campaignState === 'paused') return { as: 'queued', dueAt: null };
  if (facts.campaignState === 'archived') return { as: 'cancelled', reason: 'campaign_archived' };
  if (facts.address === null) return { as: 'cancelled', reason: 'no_address' };
  if (facts.tooLate) return { as: 'cancelled', reason: 'too_late' };
  const suppressed = suppression(facts);
  if (suppressed) return { as: 'suppressed', reason: suppressed };
  if (facts.class === 'marketing') {
    const refused = facts.topic === null ? null : refusal(topics, facts.topic, facts.consent);
    if (refused) return { as: 'suppressed', reason: refused };
    if (facts.withSales) return { as: 'cancelled', reason: 'with_sales' };
  }
  if (campaign && 'reason' in campaign) return { as: 'cancelled', reason: campaign.reason };
  if (campaign) return { as: 'queued', dueAt: campaign.notBefore, ...(campaign.held && { reason: campaign.held }) };
  return { as: 'go' };
}

/** Why the address bars a mail of this class; null: it does not. */
export function suppression({ class: kind, suppressed }: Pick<LastFacts, 'class' | 'suppressed'>): BarredBy | null {
  if (!suppressed || kind === 'internal') return null;
  return suppressed.scope === 'all' || kind === 'marketing' || kind === 'personal' ? ofSuppression[suppressed.kind] : null;
}

const ofSuppression = {
  unsubscribe: 'unsubscribed',
  bounce: 'address_dead',
  complaint: 'complained',
  manual: 'suppressed_by_hand',
} as const satisfies Record<SuppressionKind, Reason>;
type BarredBy = (typeof ofSuppression)[SuppressionKind];
