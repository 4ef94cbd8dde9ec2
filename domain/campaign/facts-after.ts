import { type Stage, stageAfter } from '../lifecycle.ts';
import type { CampaignFacts, Effect } from './step.ts';

/** What is known once an effect is carried out, so that the steps after it in the same look see what it changed. */
export function factsAfter(facts: CampaignFacts, effect: Effect): CampaignFacts {
  switch (effect.kind) {
    case 'handoff':
      return effect.nurture ? facts : { ...facts, withSales: true };
    case 'update': {
      const tags = [...facts.tags.filter((tag) => !effect.removeTags.includes(tag)), ...effect.addTags];
      return {
        ...facts,
        lead: withChanges(facts.lead, effect.lead),
        account: facts.account && withChanges(facts.account, effect.account),
        tags: [...new Set(tags)],
        stage: effect.move ? stageAfter(facts.stage as Stage, effect.move) : facts.stage,
      };
    }
    case 'consent':
      return effect.granted === null ? facts : { ...facts, consents: { ...facts.consents, [effect.topic]: effect.granted } };
    default:
      return facts;
  }
}

/** Attributes with changes made; null takes one away. */
function withChanges(attributes: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...attributes, ...changes }).filter(([, to]) => to !== null));
}
