import { loadActive } from '../db/enrolments.ts';
import { loadFacts, loadSurroundings } from '../db/facts.ts';
import { type JournalRow, writeJournal } from '../db/journal.ts';
import { type LastHold, lastHolds } from '../db/last-holds.ts';
import type { Queryable } from '../db/pool.ts';
import { plus } from '../domain/calendar/duration.ts';
import { excluded, exitReached, goalReached } from '../domain/campaign/decide.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { Because, CampaignFacts, EnrolmentView } from '../domain/campaign/step.ts';
import type { CampaignWord } from '../domain/delivery/last-look.ts';
import type { SendClass } from '../domain/delivery/mail.ts';
import { leavesAt, type Send, sendsMarketing, templateOf } from '../domain/campaign/steps/send.ts';
import { barred } from '../domain/campaign/take-turns.ts';
import type { Held } from '../domain/campaign/turn.ts';
import { type LateMail, overCap } from './late.ts';
import { letterWanted } from './personal-look.ts';
import type { Plans } from './plans.ts';

/** Why a campaign's mail must not go, or from when on it may. */
export type Unwanted = CampaignWord;

/** A ledger row that is about to leave. */
export interface Leaving {
  id: string;
  sendKey: string;
  enrolmentId: string | null;
  campaignId: string | null;
  class: SendClass;
  dueAt: Date;
}

/**
 * The campaign's last look at mails that are about to leave, in the transaction that sets them `in_flight`: has the enrolment gone
 * on, does `exitWhen` hold, is the goal reached, is the lead excluded, is its step, the lead or its company paused, is the window shut? Answers only those that
 * must not go now, by send id; what a pause or a cap holds is journalled. Mails of no campaign are not looked at. A fixed number of statements, whatever the number of mails.
 */
export async function stillWanted(tx: Queryable, plans: Plans, mails: readonly Leaving[]): Promise<Map<string, Unwanted>> {
  // A lane carries one class.
  if (mails[0]?.class === 'personal') return letterWanted(tx, plans, mails);
  const unwanted = new Map<string, Unwanted>();
  const ofCampaigns = mails.flatMap(({ enrolmentId, ...mail }) => (enrolmentId ? [{ ...mail, enrolmentId }] : []));
  if (ofCampaigns.length === 0) return unwanted;

  const active = await loadActive(
    tx,
    ofCampaigns.map((mail) => mail.enrolmentId),
  );
  const byVersion = await plans.get(
    tx,
    active.map((one) => one.versionId),
  );
  const around = await loadSurroundings(tx);
  const leaves = [...new Set(active.map((one) => one.versionId))].flatMap((id) => byVersion.get(id)!.guardLeaves);
  const facts = await loadFacts(
    tx,
    active.map((one) => ({ ...one, enrolmentId: one.id })),
    leaves,
    around,
  );
  const standing = new Map(
    active.map((enrolment, i) => [enrolment.id, { enrolment, plan: byVersion.get(enrolment.versionId)!, facts: facts[i]! }]),
  );

  const holds = await lastHolds(
    tx,
    active.map((one) => one.id),
  );
  const marketing = ofCampaigns.flatMap((mail): LateMail[] => {
    const found = standing.get(mail.enrolmentId);
    if (!found || mail.class !== 'marketing' || mail.campaignId === null) return [];
    const { sendKey, enrolmentId, campaignId, dueAt } = mail;
    return [{ sendKey, enrolmentId, campaignId, dueAt, leadId: found.enrolment.leadId, plan: found.plan, zone: found.facts.zone }];
  });
  const over = await overCap(tx, marketing, around);
  const journal: JournalRow[] = [];
  for (const { id, sendKey, enrolmentId, campaignId } of ofCampaigns) {
    const found = standing.get(enrolmentId);
    const refusal =
      found?.enrolment.waiting === `send:${sendKey}`
        ? refuse(found.plan, found.enrolment, found.facts, around.now)
        : { reason: 'left_step' };
    const hold =
      found && !refusal
        ? (heldBy(found.plan, found.enrolment, found.facts, holds.get(enrolmentId), around.now) ??
          cappedBy(found.plan, found.enrolment, over.get(sendKey)))
        : null;
    if (refusal) unwanted.set(id, refusal);
    else if (found && hold) {
      unwanted.set(id, { notBefore: hold.until });
      const { leadId, seq, stepId } = found.enrolment;
      journal.push({ kind: 'stayed', leadId, campaignId, enrolmentId, seq, stepId, because: hold.because });
    }
  }
  await writeJournal(tx, journal);
  return unwanted;
}

function refuse(plan: Plan, enrolment: EnrolmentView, facts: CampaignFacts, now: Date): Unwanted | null {
  if (exitReached(plan, facts)) return { reason: 'exit_when' };
  if (enrolment.goalAt === null && goalReached(plan, enrolment, facts)) return { reason: 'goal' };
  if (excluded(plan, facts)) return { reason: 'excluded' };
  const node = plan.nodes.get(enrolment.stepId);
  const opens = node ? leavesAt(plan.campaign, node.step as unknown as Send, facts, now).at : now;
  return opens > now ? { notBefore: opens } : null;
}

/** A paused step is looked at again this often; resuming it lets its mails go at once. */
const PAUSED_LOOK = '1d';

function heldBy(
  plan: Plan,
  enrolment: EnrolmentView,
  facts: CampaignFacts,
  hold: LastHold | undefined,
  now: Date,
): { until: Date; because: Because } | null {
  const step = plan.nodes.get(enrolment.stepId)?.step as Send | undefined;
  if (!hold || !step) return null;
  if (hold.stepPaused) return { until: plus(now, PAUSED_LOOK), because: { rule: 'step_paused' } };
  const turn = sendsMarketing(plan.campaign, step) ? barred(facts, { ...hold, higher: null }, now) : null;
  if (turn?.as !== 'held') return null;
  const { held, until } = turn;
  return { until, because: heldBecause(step, held, until) };
}

function cappedBy(
  plan: Plan,
  { stepId }: EnrolmentView,
  turn: { held: Held; until: Date } | undefined,
): { until: Date; because: Because } | null {
  const step = plan.nodes.get(stepId)?.step as Send | undefined;
  return turn && step ? { until: turn.until, because: heldBecause(step, turn.held, turn.until) } : null;
}

const heldBecause = (step: Send, held: Held, until: Date): Because => ({
  rule: 'send',
  template: templateOf(step),
  held,
  until: until.toISOString(),
});
