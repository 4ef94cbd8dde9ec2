import { type Admission, admit, reentryKey } from '../domain/campaign/entry.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { CampaignFacts } from '../domain/campaign/step.ts';
import { loadHistory } from './candidates.ts';
import { loadEntryFacts, type Prospect } from './entry-facts.ts';
import type { Queryable } from './pool.ts';
import type { Surroundings } from './surroundings.ts';

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
  const facts = await loadEntryFacts(tx, plan, prospects, around);
  const leadIds = [...new Set(prospects.map((one) => one.leadId))];
  const history = campaignId === null ? new Map() : await loadHistory(tx, campaignId, leadIds);
  return prospects.map((prospect, i) => {
    const past = `${prospect.leadId}/${reentryKey(plan, prospect)}`;
    const decision = admit(plan, prospect, history.get(past) ?? { active: false, lastEndedAt: null }, facts[i]!, around.now);
    if (decision.admit) history.set(past, { active: true, lastEndedAt: null });
    return { prospect, decision, facts: facts[i]! };
  });
}
