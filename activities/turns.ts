import {
  fillThrottle,
  type Higher,
  inOutreach,
  mailedSince,
  sendingRules,
  type Standing,
  standingOf,
  takeGuards,
  throttleFrom,
} from '../db/turns.ts';
import type { Queryable } from '../db/pool.ts';
import { lengthMs } from '../domain/calendar/duration.ts';
import { longestMs, type Mailed, type Standing as StandingCap } from '../domain/campaign/caps.ts';
import { decide } from '../domain/campaign/decide.ts';
import type { Campaign } from '../domain/campaign/document.ts';
import type { Pace } from '../domain/campaign/pace.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { SendingDocument } from '../domain/campaign/sending.ts';
import type { CampaignFacts } from '../domain/campaign/step.ts';
import { leavesAt, type Send } from '../domain/campaign/steps/send.ts';
import { type Asking, barred, takeTurns } from '../domain/campaign/take-turns.ts';
import { bucketMs, throttle } from '../domain/campaign/throttle.ts';
import type { Turn } from '../domain/campaign/turn.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Decided } from './effects/family.ts';

/** A first decision, with the facts it was made from. */
export interface Considered extends Decided {
  facts: CampaignFacts;
}

interface Ask extends Asking {
  plan: Plan;
}

/**
 * Asks the sending rules about the marketing mail that a batch would queue, and decides those anew that must wait, leave or take another time;
 * until no decision has a mail that was not asked about. Guards are taken in the order of their keys and kept until the commit. A fixed
 * number of statements, and none for a batch that mails nothing.
 */
export async function inTurn(tx: Queryable, campaignId: string, first: readonly Considered[], now: Date): Promise<Decided[]> {
  const decided = [...first];
  const turns = new Map<string, Turn>();
  const asked = new Set<string>();
  for (;;) {
    const asking = decided.flatMap((one) => askingOf(one)).filter(({ sendKey }) => !asked.has(sendKey));
    if (asking.length === 0) return decided;
    for (const { sendKey } of asking) asked.add(sendKey);
    const answered = await ask(tx, campaignId, asking, now);
    for (const [sendKey, turn] of answered) turns.set(sendKey, turn);
    decided.forEach(({ enrolment, plan, facts, decision }, i) => {
      if (decision.effects.some((effect) => effect.kind === 'send' && answered.has(effect.sendKey)))
        decided[i] = { enrolment, plan, facts, decision: decide(plan, enrolment, { ...facts, turns }, now) };
    });
  }
}

function askingOf({ enrolment, plan, facts, decision }: Considered): Ask[] {
  return decision.effects.flatMap((effect) => {
    if (effect.kind !== 'send' || effect.class !== 'marketing') return [];
    const step = plan.nodes.get(effect.stepId)!.step as unknown as Send;
    const { sendKey, dueAt } = effect;
    const next = (at: Date): Date => leavesAt(plan.campaign, step, facts, at).at;
    return [{ sendKey, dueAt, next, plan, enrolmentId: enrolment.id, leadId: enrolment.leadId, accountId: null, zone: facts.zone }];
  });
}

/** The turns of these mails; those that may go as they were decided have none. */
async function ask(tx: Queryable, campaignId: string, asking: readonly Ask[], now: Date): Promise<Map<string, Turn>> {
  const lowest = Math.min(...asking.map(({ plan }) => plan.campaign.priority));
  const { document, zone, higher } = await sendingRules(tx, campaignId, lowest);
  const standing = await standingAmong(tx, campaignId, asking, document, higher);

  const turns = new Map<string, Turn>();
  const free: Ask[] = [];
  for (const mail of asking) {
    const stands = standing.get(mail.leadId)!;
    const turn = barred(mail, stands, now);
    if (turn) turns.set(mail.sendKey, turn);
    else free.push({ ...mail, accountId: stands.accountId });
  }
  const wishes = [...groupBy(free, (one) => one.plan)].map(([plan, mails]): Wish => ({
    caps: capsOf(plan, campaignId, document),
    limit: plan.campaign.account ?? null,
    rate: plan.campaign.sending?.rate ?? null,
    plan,
    mails,
  }));
  await takeGuards(
    tx,
    wishes.flatMap((wish) => guardsOf(wish, campaignId)),
  );
  for (const wish of wishes) for (const [sendKey, turn] of await askForRoom(tx, wish, { campaignId, zone, now })) turns.set(sendKey, turn);
  return turns;
}

async function standingAmong(
  tx: Queryable,
  campaignId: string,
  asking: readonly Ask[],
  { complaint, openCase }: SendingDocument,
  higher: readonly Higher[],
): Promise<Map<string, Standing>> {
  const leads = new Map(asking.map(({ leadId, plan }) => [leadId, { leadId, priority: plan.campaign.priority }]));
  const rules = { campaignId, higher, complaintMs: complaint === 'ignore' ? null : lengthMs(complaint), cases: openCase === 'pause' };
  return standingOf(tx, [...leads.values()], rules);
}

/** The mails of one version, and what limits them. */
interface Wish {
  plan: Plan;
  mails: readonly Ask[];
  caps: StandingCap[];
  limit: NonNullable<Campaign['account']> | null;
  rate: Pace | null;
}

/** The caps that a version's mails stand under: its own, and the workspace's. */
export function capsOf({ campaign }: Plan, campaignId: string, document: SendingDocument): StandingCap[] {
  return [
    ...(campaign.sending?.cap ?? []).map((cap) => ({ cap, campaignId })),
    ...(document.caps ?? []).map((cap) => ({ cap, campaignId: null })),
  ].filter(({ cap }) => cap.topic === undefined || cap.topic === campaign.topic);
}

const capped = ({ caps }: Pick<Wish, 'caps'>, of: 'person' | 'account'): boolean => caps.some(({ cap }) => cap.of === of);
const accountsOf = (mails: readonly Ask[]): string[] => [...new Set(mails.flatMap((mail) => mail.accountId ?? []))];

function guardsOf(wish: Wish, campaignId: string): string[] {
  const accounts = accountsOf(wish.mails);
  return [
    ...(capped(wish, 'person') ? wish.mails.map(({ leadId }) => `lead:${leadId}`) : []),
    ...(capped(wish, 'account') ? accounts.map((id) => `account:${id}`) : []),
    ...(wish.limit ? accounts.map((id) => `outreach:${campaignId}/${id}`) : []),
    ...(wish.rate ? [`rate:${campaignId}`] : []),
  ];
}

/** What one version's mails are given, counted under the guards. */
async function askForRoom(
  tx: Queryable,
  wish: Wish,
  { campaignId, zone, now }: { campaignId: string; zone: string; now: Date },
): Promise<Map<string, Turn>> {
  const { plan, mails, caps, limit, rate } = wish;
  if (caps.length === 0 && !limit && !rate) return new Map();
  const accountIds = accountsOf(mails);
  const counted = {
    leadIds: capped(wish, 'person') ? mails.map((mail) => mail.leadId) : [],
    accountIds: capped(wish, 'account') ? accountIds : [],
    since: new Date(now.getTime() - Math.max(0, ...caps.map(({ cap }) => longestMs(cap)))),
  };
  const mailed = caps.length > 0 ? await mailedSince(tx, counted) : new Map<string, Mailed[]>();
  const outreach = limit ? await inOutreach(tx, campaignId, accountIds) : new Map<string, Set<string>>();
  const taken = rate ? await throttleFrom(tx, campaignId, new Date(now.getTime() - bucketMs(rate))) : new Map<number, number>();
  const { topic = null } = plan.campaign;
  const room = { limit, outreach, caps, mailed, zone, campaignId, topic, throttle: rate ? throttle(rate, taken) : null };
  const turns = takeTurns(mails.toSorted(byArrival), room, now);
  await fillThrottle(tx, campaignId, taken);
  return turns;
}

/** Who would leave first asks first; ids decide the rest, so that a batch tried in halves gives the same. */
const byArrival = (a: Ask, b: Ask): number => a.dueAt.getTime() - b.dueAt.getTime() || (a.sendKey < b.sendKey ? -1 : 1);
