import { countPassed, type LoopCampaign } from '../db/campaigns.ts';
import { deleteWakes, markFailed, type NurtureRange, readWakes, type ReadyEnrolment, writePositions } from '../db/enrolments.ts';
import { loadFacts, loadSurroundings } from '../db/facts.ts';
import { writeJournal } from '../db/journal.ts';
import { type HandOff, handOff, loopsOfHandOff } from '../db/opportunities.ts';
import type { Queryable } from '../db/pool.ts';
import { type NewSend, queueSends } from '../db/sends.ts';
import { decide, type Decision } from '../domain/campaign/decide.ts';
import { leavesFor, type Plan } from '../domain/campaign/plan.ts';
import type { CampaignFacts } from '../domain/campaign/step.ts';
import type { Loop } from '../domain/loops.ts';
import type { Plans } from './plans.ts';

interface Decided {
  enrolment: ReadyEnrolment;
  decision: Decision;
  plan: Plan;
}

/**
 * Advances these enrolments, which the caller's transaction has locked: reads the wakes, then the facts; decides; writes position,
 * journal and effects; deletes only the wakes it read. An enrolment whose decision throws is marked with its reason and tried
 * again later; the others go on. Answers whom to poke after the commit.
 */
export async function advanceBatch(
  tx: Queryable,
  plans: Plans,
  range: NurtureRange,
  campaign: LoopCampaign,
  enrolments: readonly ReadyEnrolment[],
): Promise<Loop[]> {
  if (enrolments.length === 0) return [];
  const ids = enrolments.map((one) => one.id);
  const wakes = await readWakes(tx, ids);
  const byVersion = await plans.get(
    tx,
    enrolments.map((one) => one.versionId),
  );
  const facts = await factsOf(tx, enrolments, byVersion, campaign);
  const { now } = facts;

  const decided: Decided[] = [];
  const failed: { id: string; error: string }[] = [];
  for (const [i, enrolment] of enrolments.entries()) {
    const plan = byVersion.get(enrolment.versionId)!;
    try {
      decided.push({ enrolment, plan, decision: decide(plan, enrolment, facts.of[i]!, now) });
    } catch (error) {
      failed.push({ id: enrolment.id, error: (error as Error).message });
    }
  }
  await writePositions(tx, decided);
  await countPassed(
    tx,
    range,
    decided.flatMap(({ enrolment, decision }) =>
      enrolment.test ? [] : decision.journal.filter((line) => line.kind === 'stepped').map((line) => line.stepId),
    ),
  );
  await writeJournal(
    tx,
    decided.flatMap(({ enrolment, decision }) =>
      decision.journal.map((line) => ({
        ...line,
        leadId: enrolment.leadId,
        campaignId: range.campaignId,
        enrolmentId: enrolment.id,
        seq: enrolment.seq + 1,
      })),
    ),
  );
  const lanes = await queueSends(
    tx,
    decided.flatMap((one) => sendsOf(one, range.campaignId)),
  );
  const handed = await handOff(tx, decided.flatMap(handOffsOf));
  await markFailed(tx, failed);
  await deleteWakes(tx, wakes);
  return [...lanes.map((lane): Loop => ({ kind: 'delivery', lane })), ...loopsOfHandOff(handed)];
}

/** Facts for the whole batch: the union of what its steps may look at, whichever version each is on. */
async function factsOf(
  tx: Queryable,
  enrolments: readonly ReadyEnrolment[],
  plans: ReadonlyMap<string, Plan>,
  campaign: LoopCampaign,
): Promise<{ of: CampaignFacts[]; now: Date }> {
  const around = await loadSurroundings(tx);
  const versions = [...new Set(enrolments.map((one) => one.versionId))];
  const leaves = versions.flatMap((id) =>
    leavesFor(
      plans.get(id)!,
      enrolments.filter((one) => one.versionId === id).map((one) => one.stepId),
    ),
  );
  const subjects = enrolments.map((one) => ({ ...one, enrolmentId: one.id }));
  const of = await loadFacts(tx, subjects, leaves, around);
  return { of: of.map((one) => ({ ...one, skipBefore: campaign.skipBefore })), now: around.now };
}

function sendsOf({ enrolment, decision, plan }: Decided, campaignId: string): NewSend[] {
  return decision.effects.flatMap((effect) => {
    if (effect.kind !== 'send') return [];
    const { kind: _, ...send } = effect;
    const { topic = null, priority } = plan.campaign;
    const stepId = send.sendKey.split('/')[1]!;
    return [{ ...send, topic, priority, leadId: enrolment.leadId, campaignId, enrolmentId: enrolment.id, stepId, test: enrolment.test }];
  });
}

function handOffsOf({ enrolment, decision, plan }: Decided): HandOff[] {
  return decision.effects.flatMap((effect) =>
    effect.kind === 'handoff'
      ? [
          {
            ...effect,
            leadId: enrolment.leadId,
            enrolmentId: enrolment.id,
            source: 'campaign' as const,
            because: {
              rule: 'handoff',
              campaign: plan.campaign.key,
              step: decision.journal.find((line) => line.because.rule === 'handoff')?.stepId,
            },
          },
        ]
      : [],
  );
}
