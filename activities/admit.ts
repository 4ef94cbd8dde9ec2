import { loopCampaign } from '../db/campaigns.ts';
import { deleteCandidates, enrol, loadHistory, lockCandidates, type NewEnrolment } from '../db/candidates.ts';
import type { NurtureRange } from '../db/enrolments.ts';
import { loadFacts, loadSurroundings } from '../db/facts.ts';
import { type JournalRow, writeJournal } from '../db/journal.ts';
import type { Queryable } from '../db/pool.ts';
import { lockLeads } from '../db/wakes.ts';
import { admit, reentryKey } from '../domain/campaign/entry.ts';
import { heldOut } from '../domain/campaign/holdout.ts';
import type { Because } from '../domain/campaign/step.ts';
import { leavesOf } from '../domain/conditions/condition.ts';
import type { Plans } from './plans.ts';

/**
 * Takes up to `limit` candidates of the range into the campaign, or journals what kept them out, in the caller's transaction.
 * The leads are locked first, so that no event of theirs falls between their facts and their enrolment. Answers how many were looked at.
 */
export async function admitBatch(tx: Queryable, plans: Plans, range: NurtureRange, limit: number): Promise<number> {
  const candidates = await lockCandidates(tx, range, limit);
  if (candidates.length === 0) return 0;
  const { liveVersionId } = (await loopCampaign(tx, range))!;
  if (liveVersionId === null) return 0;
  const plan = (await plans.get(tx, [liveVersionId])).get(liveVersionId)!;

  const leadIds = [...new Set(candidates.map((one) => one.leadId))].toSorted();
  await lockLeads(tx, leadIds);
  const around = await loadSurroundings(tx);
  const history = await loadHistory(tx, range.campaignId, leadIds);
  const subjects = candidates.map(({ leadId, eventAt, eventId, properties }) => ({
    enrolmentId: null,
    leadId,
    enteredAt: eventAt,
    entryEventId: eventId,
    entry: properties,
    arrivedAt: around.now,
    waiting: null,
  }));
  const facts = await loadFacts(tx, subjects, [...plan.guardLeaves, ...plan.entryIf.flatMap((one) => (one ? leavesOf(one) : []))], around);

  const entering: (NewEnrolment & { because: Because })[] = [];
  const journal: JournalRow[] = [];
  for (const [i, candidate] of candidates.entries()) {
    const { leadId, eventAt, eventId, properties } = candidate;
    const past = `${leadId}/${reentryKey(plan, candidate)}`;
    const decision = admit(plan, candidate, history.get(past) ?? { active: false, lastEndedAt: null }, facts[i]!, around.now);
    if (decision.admit) {
      history.set(past, { active: true, lastEndedAt: null });
      const holdout = heldOut(plan.campaign, leadId);
      const because = holdout ? { ...decision.because, holdout } : decision.because;
      entering.push({ leadId, key: decision.key, enteredAt: eventAt, eventId, properties, holdout, because });
    } else if (decision.because.rule !== 'event')
      journal.push({ kind: 'not_entered', leadId, campaignId: range.campaignId, because: decision.because });
  }
  const ids = await enrol(tx, range.campaignId, liveVersionId, plan.first!, entering);
  entering.forEach(({ leadId, because }, i) => {
    if (ids[i])
      journal.push({ kind: 'entered', leadId, campaignId: range.campaignId, enrolmentId: ids[i], seq: 0, stepId: plan.first, because });
  });
  await writeJournal(tx, journal);
  await deleteCandidates(
    tx,
    candidates.map((one) => one.id),
  );
  return candidates.length;
}
