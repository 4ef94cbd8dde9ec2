import { z } from 'zod';
import type { Leaf } from '../conditions/condition.ts';
import { parseWhere } from '../conditions/test.ts';

/** What ends a run by itself. */
export const stopRules = ['reply', 'meeting', 'unsubscribe', 'bounce', 'opportunity_closed', 'colleague_reply'] as const;
export type StopRule = (typeof stopRules)[number];

/** All but the colleague's answer, which is the author's to ask for. */
export const usualStops: StopRule[] = ['reply', 'meeting', 'unsubscribe', 'bounce', 'opportunity_closed'];

/** Whether a mail goes by itself, or its rep looks through it before. */
export const mode = z.enum(['auto', 'draft']);
export type Mode = z.infer<typeof mode>;

/** What a sequence has that a campaign has not. */
export interface SequenceRules {
  stopOn: StopRule[];
  withCampaigns: boolean;
  mode: Mode;
}

/** The events by which each rule holds, any of them since the run began. */
const events: Record<StopRule, { event: string; where?: Record<string, unknown>; by?: 'account' }[]> = {
  reply: [{ event: 'email_replied' }],
  meeting: [{ event: 'meeting_booked' }],
  unsubscribe: [{ event: 'unsubscribed' }, { event: 'email_complained' }],
  bounce: [{ event: 'email_bounced', where: { permanent: true } }],
  opportunity_closed: [{ event: 'opportunity_won' }, { event: 'opportunity_lost' }, { event: 'opportunity_rejected' }],
  colleague_reply: [{ event: 'email_replied', by: 'account' }],
};

/** One thing that ends a run, as a leaf to be counted. */
export interface StopLeaf {
  on: StopRule;
  event: string;
  leaf: Leaf;
}

/** What a version's runs are to be watched for, in the order in which it tells why one ended: the lead's own answer before a colleague's. */
export function stopLeaves({ stopOn }: Pick<SequenceRules, 'stopOn'>): StopLeaf[] {
  return stopRules
    .filter((on) => stopOn.includes(on))
    .flatMap((on) =>
      events[on].map(({ event, where = {}, by }) => ({
        on,
        event,
        leaf: { kind: 'event', event, where: parseWhere(where), count: { gte: 1 }, since: 'entry', ...(by && { by }) } as Leaf,
      })),
    );
}

/** A stop rule in words. */
export const stopWords: Record<StopRule, string> = {
  reply: 'they have answered',
  meeting: 'a meeting is booked',
  unsubscribe: 'they want no more mail',
  bounce: 'mail to them comes back',
  opportunity_closed: 'the opportunity is closed',
  colleague_reply: 'a colleague of theirs has answered',
};
