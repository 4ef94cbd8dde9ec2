import { type Admission, admit, type Candidate, reentryKey } from '../domain/campaign/entry.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { CampaignFacts } from '../domain/campaign/step.ts';
import { leavesOf } from '../domain/conditions/condition.ts';
import { loadHistory } from './candidates.ts';
import { loadFacts } from './facts.ts';
import type { Queryable } from './pool.ts';
import type { Surroundings } from './surroundings.ts';

/** Somebody who would stand at the door. */
export interface Prospect extends Candidate {
  leadId: string;
  eventId: string | null;
}

export interface Judged {
  prospect: Prospect;
  decision: Admission;
  facts: CampaignFacts;
}

/**
 * What `admit` would say of these people now, in the order given: nothing is written, nobody locked. The first of several who are the same
 * lead with the same re-entry key counts as having entered for the others. A fixed number of statements.
 */
export async function judge(
  tx: Queryable,
  plan: Plan,
  campaignId: string | null,
  prospects: readonly Prospect[],
  around: Surroundings,
): Promise<Judged[]> {
  if (prospects.length === 0) return [];
  const leaves = [...plan.guardLeaves, ...plan.entryIf.flatMap((one) => (one ? leavesOf(one) : []))];
  const subjects = prospects.map(({ leadId, eventAt, eventId, properties }) => ({
    enrolmentId: null,
    leadId,
    enteredAt: eventAt,
    entryEventId: eventId,
    entry: properties,
    arrivedAt: around.now,
    waiting: null,
  }));
  const facts = await loadFacts(tx, subjects, leaves, around);
  const leadIds = [...new Set(prospects.map((one) => one.leadId))];
  const history = campaignId === null ? new Map() : await loadHistory(tx, campaignId, leadIds);
  return prospects.map((prospect, i) => {
    const past = `${prospect.leadId}/${reentryKey(plan, prospect)}`;
    const decision = admit(plan, prospect, history.get(past) ?? { active: false, lastEndedAt: null }, facts[i]!, around.now);
    if (decision.admit) history.set(past, { active: true, lastEndedAt: null });
    return { prospect, decision, facts: facts[i]! };
  });
}
