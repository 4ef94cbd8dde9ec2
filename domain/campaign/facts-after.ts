import type { CampaignFacts, Effect } from './step.ts';

/** What is known once an effect is carried out, so that the steps after it in the same look see what it changed. */
export function factsAfter(facts: CampaignFacts, effect: Effect): CampaignFacts {
  switch (effect.kind) {
    case 'handoff':
      return effect.nurture ? facts : { ...facts, withSales: true };
    default:
      return facts;
  }
}
