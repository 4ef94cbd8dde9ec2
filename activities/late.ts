import { accountsOf } from '../db/lead-changes.ts';
import { mailedSince, sendingRules, takeGuards } from '../db/turns.ts';
import type { Queryable } from '../db/pool.ts';
import { dateAt, startOf } from '../domain/calendar/zoned.ts';
import { longestMs } from '../domain/campaign/caps.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import { takeTurns } from '../domain/campaign/take-turns.ts';
import type { Held } from '../domain/campaign/turn.ts';
import { groupBy } from '../domain/group-by.ts';
import { capsOf } from './turns.ts';

/** A marketing mail that is about to leave, and when it was to. */
export interface LateMail {
  sendKey: string;
  enrolmentId: string;
  leadId: string;
  campaignId: string;
  plan: Plan;
  zone: string;
  dueAt: Date;
}

/** Priorities end below it: of no campaign is it asked whether it comes first. */
const ABOVE_ALL = 101;

/**
 * A mail was counted in the period in which it was to leave; an outage or a pause may have carried it into another, where others have their places already.
 * Answers, by send key, which of these must wait for the period after. Costs nothing while no mail is a day late.
 */
export async function overCap(
  tx: Queryable,
  mails: readonly LateMail[],
  around: { now: Date; zone: string },
): Promise<Map<string, { held: Held; until: Date }>> {
  const { now } = around;
  const midnights = new Map<string, Date>();
  const midnight = (zone: string): Date => {
    const known = midnights.get(zone) ?? startOf(dateAt(now, zone), zone);
    midnights.set(zone, known);
    return known;
  };
  const late = mails.filter(({ dueAt, zone }) => dueAt < midnight(zone));
  const over = new Map<string, { held: Held; until: Date }>();
  if (late.length === 0) return over;
  const accounts = await accountsOf(
    tx,
    late.map((mail) => mail.leadId),
  );
  for (const [campaignId, ofCampaign] of groupBy(late, (mail) => mail.campaignId)) {
    const { document, zone } = await sendingRules(tx, campaignId, ABOVE_ALL);
    for (const [plan, those] of groupBy(ofCampaign, (mail) => mail.plan)) {
      const caps = capsOf(plan, campaignId, document);
      if (caps.length === 0) continue;
      const asking = those
        .map((mail) => ({ ...mail, accountId: accounts.get(mail.leadId) ?? null, dueAt: now, next: (at: Date): Date => at }))
        .toSorted((a, b) => (a.sendKey < b.sendKey ? -1 : 1));
      const leadIds = asking.map((mail) => mail.leadId);
      const accountIds = asking.flatMap((mail) => mail.accountId ?? []);
      await takeGuards(tx, [...leadIds.map((id) => `lead:${id}`), ...accountIds.map((id) => `account:${id}`)]);
      const since = new Date(now.getTime() - Math.max(...caps.map(({ cap }) => longestMs(cap))));
      const mailed = await mailedSince(tx, { leadIds, accountIds, since, overdue: 'left out' });
      const { topic = null } = plan.campaign;
      const room = { limit: null, outreach: new Map<string, Set<string>>(), caps, mailed, zone, campaignId, topic, throttle: null };
      for (const [sendKey, turn] of takeTurns(asking, room, now)) if (turn.as === 'held') over.set(sendKey, turn);
    }
  }
  return over;
}
