import type { Candidate } from '../domain/campaign/entry.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { CampaignFacts } from '../domain/campaign/step.ts';
import { leavesOf } from '../domain/conditions/condition.ts';
import { loadFacts } from './facts.ts';
import type { Queryable } from './pool.ts';
import type { Surroundings } from './surroundings.ts';

/** Somebody at the door of a campaign, or who would stand there. */
export interface Prospect extends Candidate {
  leadId: string;
  eventId: string | null;
}

/** What `admit` looks at for each of these people, in the order given. A fixed number of statements. */
export function loadEntryFacts(tx: Queryable, plan: Plan, prospects: readonly Prospect[], around: Surroundings): Promise<CampaignFacts[]> {
  const subjects = prospects.map(({ leadId, eventAt, eventId, properties }) => ({
    enrolmentId: null,
    leadId,
    enteredAt: eventAt,
    entryEventId: eventId,
    entry: properties,
    arrivedAt: around.now,
    waiting: null,
  }));
  return loadFacts(tx, subjects, [...plan.guardLeaves, ...plan.entryIf.flatMap((one) => (one ? leavesOf(one) : []))], around);
}
