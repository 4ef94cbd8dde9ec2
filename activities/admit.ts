import { loopCampaign } from '../db/campaigns.ts';
import { deleteCandidates, enrol, findCandidates, loadHistory, lockCandidates, type NewEnrolment } from '../db/candidates.ts';
import type { NurtureRange } from '../db/enrolments.ts';
import { loadEntryFacts } from '../db/entry-facts.ts';
import { type JournalRow, writeJournal } from '../db/journal.ts';
import type { Queryable } from '../db/pool.ts';
import { loadSurroundings } from '../db/surroundings.ts';
import { lockLeads } from '../db/wakes.ts';
import { peopleOf } from '../domain/campaign/company.ts';
import { admit, reentryKey } from '../domain/campaign/entry.ts';
import { heldOut } from '../domain/campaign/holdout.ts';
import type { Because } from '../domain/campaign/step.ts';
import type { Loop } from '../domain/loops.ts';
import { type Brought, bringCompanies } from './companies.ts';
import type { Plans } from './plans.ts';
import type { MailSettings } from './qualification/mails.ts';

/**
 * Takes up to `limit` candidates of the range into the campaign, or journals what kept them out, in the caller's transaction.
 * The leads are locked first, so that no event of theirs falls between their facts and their enrolment, and no campaign that stops this one for
 * them misses them. Where the company is the
 * subject, others of it may be meant: they become candidates of their own. Answers how many were looked at, and whom to poke after the commit.
 */
export async function admitBatch(
  tx: Queryable,
  plans: Plans,
  range: NurtureRange,
  limit: number,
  mail: MailSettings,
): Promise<{ people: number; loops: Loop[] }> {
  const found = await findCandidates(tx, range, limit);
  if (found.length === 0) return { people: 0, loops: [] };
  const { liveVersionId } = (await loopCampaign(tx, range))!;
  if (liveVersionId === null) return { people: 0, loops: [] };
  const plan = (await plans.get(tx, [liveVersionId])).get(liveVersionId)!;

  const leadIds = [...new Set(found.map((one) => one.leadId))].toSorted();
  await lockLeads(tx, leadIds);
  const candidates = await lockCandidates(
    tx,
    found.map((one) => one.id),
  );
  if (candidates.length === 0) return { people: 0, loops: [] };
  const around = await loadSurroundings(tx);
  const history = await loadHistory(tx, range.campaignId, leadIds);
  const facts = await loadEntryFacts(tx, plan, candidates, around);

  const entering: (NewEnrolment & { because: Because })[] = [];
  const journal: JournalRow[] = [];
  const brought: Brought[] = [];
  for (const [i, candidate] of candidates.entries()) {
    const { leadId, eventAt, eventId, properties } = candidate;
    const past = `${leadId}/${reentryKey(plan, candidate)}`;
    const entry = candidate.position === null || candidate.forAccountId ? undefined : plan.campaign.entry[candidate.position];
    const bringsCompany = entry !== undefined && peopleOf(entry) !== null;
    const before = (bringsCompany ? null : history.get(past)) ?? { active: false, lastEndedAt: null };
    const decision = admit(plan, candidate, before, facts[i]!, around.now);
    if (decision.admit && bringsCompany) brought.push({ candidate, facts: facts[i]! });
    else if (decision.admit) {
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
  const loops = await bringCompanies(tx, { campaignId: range.campaignId, plan, now: around.now, mail }, brought);
  return { people: candidates.length, loops };
}
