import { countPassed, type LoopCampaign } from '../db/campaigns.ts';
import { deleteWakes, markFailed, type NurtureRange, readWakes, type ReadyEnrolment, writePositions } from '../db/enrolments.ts';
import { loadFacts, loadSurroundings } from '../db/facts.ts';
import { writeJournal } from '../db/journal.ts';
import type { Queryable } from '../db/pool.ts';
import { deleteStops, readStops } from '../db/starts.ts';
import { loadStepFacts } from '../db/step-facts/index.ts';
import { wakeHeld } from '../db/turns.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import { decide } from '../domain/campaign/decide.ts';
import { leavesFor, needsFor, type Plan } from '../domain/campaign/plan.ts';
import type { CampaignFacts } from '../domain/campaign/step.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Loop } from '../domain/loops.ts';
import type { Decided } from './effects/family.ts';
import { carryOut } from './effects/index.ts';
import type { Plans } from './plans.ts';
import type { MailSettings } from './qualification/mails.ts';
import { type Considered, inTurn } from './turns.ts';

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
  mail: MailSettings,
): Promise<Loop[]> {
  if (enrolments.length === 0) return [];
  const ids = enrolments.map((one) => one.id);
  const wakes = await readWakes(tx, ids);
  const byVersion = await plans.get(
    tx,
    enrolments.map((one) => one.versionId),
  );
  // A stop comes with a wake; where the look failed that wake is gone, and the stop still stands.
  const mayBeStopped = wakes.length > 0 || enrolments.some((one) => one.failures > 0);
  const stops = mayBeStopped ? await readStops(tx, ids) : new Map<string, Record<string, unknown>>();
  const facts = await factsOf(tx, range, enrolments, byVersion, campaign);
  const { now } = facts;

  const considered: Considered[] = [];
  const failed: { id: string; error: string }[] = [];
  for (const [i, enrolment] of enrolments.entries()) {
    const plan = byVersion.get(enrolment.versionId)!;
    try {
      const stopped = stops.get(enrolment.id);
      const known = stopped ? { ...facts.of[i]!, stopped } : facts.of[i]!;
      considered.push({ enrolment, plan, facts: known, decision: decide(plan, enrolment, known, now) });
    } catch (error) {
      failed.push({ id: enrolment.id, error: (error as Error).message });
    }
  }
  const decided = await inTurn(tx, range.campaignId, considered, now);
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
      decision.journal.map(({ kind, stepId, because }) => ({
        kind,
        stepId,
        because,
        leadId: enrolment.leadId,
        campaignId: range.campaignId,
        enrolmentId: enrolment.id,
        seq: enrolment.seq + 1,
      })),
    ),
  );
  const loops = await carryOut(tx, decided, { range, campaign, now, mail });
  const freed = await wakeHeld(
    tx,
    decided.filter(givesWay).map(({ enrolment }) => enrolment.id),
  );
  await markFailed(tx, failed);
  await deleteStops(tx, [...stops.keys()]);
  await deleteWakes(tx, wakes);
  return [...loops, ...(await wokenLoops(tx, freed))];
}

const NOT_LEFT = new Set<unknown>(['suppressed', 'cancelled', 'failed']);

/** Whether somebody may give up what others wait for: they have ended, or a mail of theirs did not leave after all. */
const givesWay = ({ decision: { ended, journal } }: Decided): boolean =>
  ended !== null || journal.some(({ because }) => because.rule === 'sent' && NOT_LEFT.has(because['mail']));

/** Facts for the whole batch: the union of what its steps may look at, whichever version each is on. */
async function factsOf(
  tx: Queryable,
  range: NurtureRange,
  enrolments: readonly ReadyEnrolment[],
  plans: ReadonlyMap<string, Plan>,
  campaign: LoopCampaign,
): Promise<{ of: CampaignFacts[]; now: Date }> {
  const around = await loadSurroundings(tx);
  const reach = [...groupBy(enrolments, (one) => one.versionId)].map(
    ([versionId, those]) => [plans.get(versionId)!, those.map((one) => one.stepId)] as const,
  );
  const leaves = reach.flatMap(([plan, stepIds]) => leavesFor(plan, stepIds));
  const needs = [...new Set(reach.flatMap(([plan, stepIds]) => needsFor(plan, stepIds)))];
  const subjects = enrolments.map(({ id, leadId, stepId, arrivedAt, waiting, enteredAt, entry, entryEventId }) => ({
    enrolmentId: id,
    campaignId: range.campaignId,
    leadId,
    stepId,
    arrivedAt,
    waiting,
    enteredAt,
    entry,
    entryEventId,
  }));
  const of = await loadFacts(tx, subjects, leaves, around);
  const more = await loadStepFacts(tx, subjects, needs, around);
  const { skipBefore } = campaign;
  const pausedSteps = new Set(campaign.pausedSteps);
  const shared = { skipBefore, pausedSteps };
  return { of: of.map((one, i) => Object.assign(one, more[i]?.attributes, more[i], shared)), now: around.now };
}
